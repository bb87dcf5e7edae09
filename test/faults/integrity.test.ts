import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { skipBecause } from '../support/skip-because.js';
import { addon, INTEGRITY_FAULTS } from './integrity-faults.js';
import { BAD, COMPATIBLE, expectVerdict, Zoo } from './zoo.js';

describe('faults of integrity and binaries', () => {
  for (const [name, verdict, plant] of INTEGRITY_FAULTS)
    it(`${name}: ${verdict}`, () => expectVerdict(verdict, (zoo) => void plant(zoo)));

  const built = (zoo: Zoo, flags: readonly string[], source: string): Buffer | undefined => {
    const out = join(zoo.folder.path, 'built.node');
    const file = zoo.folder.write('a.c', source);
    const language = flags.filter((flag) => flag.startsWith('-x'));
    const rest = flags.filter((flag) => !flag.startsWith('-x'));
    const args = ['-shared', '-fPIC', '-o', out, ...language, file, ...rest];
    return spawnSync('cc', args).status === 0 ? readFileSync(out) : undefined;
  };
  const register = 'void *napi_register_module_v1(void *env, void *exports) { return exports; }';

  it('E39 a real addon, whole and cut at 4000 bytes: its constructor never runs', async function () {
    using zoo = new Zoo();
    const canary = JSON.stringify(zoo.canary);
    const source = `#include <stdio.h>\n__attribute__((constructor)) void c(void) { fclose(fopen(${canary}, "w")); }\n${register}`;
    const bytes = built(zoo, [], source);
    if (bytes === undefined) return skipBecause(this, 'there is no C compiler here');
    addon(bytes)(zoo);
    assert.equal(await zoo.verdict(), COMPATIBLE);
    addon(bytes.subarray(0, 4000))(zoo);
    assert.equal(await zoo.verdict(), 'preflight: corrupt');
    assert.equal(existsSync(zoo.canary), false);
  });

  it('E42 real addons: with symbols that nobody has, and with those of C, C++ and mathematics', async function () {
    using zoo = new Zoo();
    const undefinedFunction = `int nowhere(void); int call(void) { return nowhere(); }\n${register}`;
    const undefinedData = `extern int no_data; int call(void) { return no_data; }\n${register}`;
    const whole = `#include <math.h>\n#include <pthread.h>\n#include <stdio.h>\n#include <time.h>
extern char **environ; extern int maybe(void) __attribute__((weak));
double call(double x) { errno_of(); printf("%p", (void *)environ); return lgamma(x) + (maybe ? maybe() : 0); }
__thread int own; int *errno_of(void) { return &own; }\n${register}`.replace(
      'double call',
      'int *errno_of(void);\ndouble call',
    );
    const rows = [
      [undefinedFunction, [], 'preflight: load-failed'],
      [undefinedData, [], 'preflight: load-failed'],
      [whole, ['-lm', '-lpthread'], COMPATIBLE],
      [
        `#include <iostream>\nextern "C" ${register}\nint call() { std::cout << 1; throw 1; }`,
        ['-xc++', '-lstdc++'],
        COMPATIBLE,
      ],
    ] as const;
    for (const [source, flags, expected] of rows) {
      const bytes = built(zoo, flags, source);
      if (bytes === undefined) return skipBecause(this, 'there is no C compiler here');
      addon(bytes)(zoo);
      assert.equal(await zoo.verdict(), expected, source);
    }
  });

  it('E41 a real addon whose library is gone', async function () {
    using zoo = new Zoo();
    const library = built(
      zoo,
      ['-Wl,-soname,libgone-voxhost.so.1'],
      'int gone(void) { return 1; }',
    );
    if (library === undefined) return skipBecause(this, 'there is no C compiler here');
    const path = zoo.folder.write('lib/libgone-voxhost.so', library);
    const needs = `int gone(void); int call(void) { return gone(); }\n${register}`;
    const bytes = built(zoo, [`-L${dirname(path)}`, '-lgone-voxhost'], needs);
    assert.ok(bytes !== undefined);
    addon(bytes)(zoo);
    assert.equal(await zoo.verdict(), 'preflight: missing-library');
    const { entries } = await zoo.look();
    const bad = entries.find(({ verdict }) => verdict.id === BAD);
    assert.equal(bad?.verdict.evidence.expected, 'libgone-voxhost.so.1');
  });

  describe('E44 signatures', () => {
    const pair = generateKeyPairSync('ed25519');
    const raw = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
    const key = `ed25519:${raw.toString('base64')}`;
    const signed = (changes: (manifest: Buffer) => object) => (zoo: Zoo) => {
      const path = zoo.plant(BAD, { manifest: { publisher: { name: 'Example', key } } });
      const manifest = readFileSync(path);
      const signature = sign(null, manifest, pair.privateKey).toString('base64');
      const whole = { algorithm: 'ed25519', key, signature, ...changes(manifest) };
      writeFileSync(`${path}.sig`, JSON.stringify(whole));
    };
    const other = `ed25519:${Buffer.alloc(32).toString('base64')}`;
    const demanded = { policy: { trustedKeys: [key] } };
    it('good', () =>
      expectVerdict(
        COMPATIBLE,
        signed(() => ({})),
        demanded,
      ));
    it('by a wrong key', () =>
      expectVerdict(
        'integrity: bad-signature',
        signed(() => ({ key: other })),
      ));
    it('of something else', () =>
      expectVerdict(
        'integrity: bad-signature',
        signed(() => ({
          signature: sign(null, Buffer.from('x'), pair.privateKey).toString('base64'),
        })),
      ));
    it('expired, of an unknown algorithm: not checked, and said', () =>
      expectVerdict(
        COMPATIBLE,
        signed(() => ({ expires: '2020-01-01', algorithm: 'other' })),
      ));
    it('missing', () => expectVerdict(COMPATIBLE, (zoo) => void zoo.plant(BAD)));
  });
});
