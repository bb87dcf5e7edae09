import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { readImage, writeImage } from 'voxhost/io';
import { runVoxhost } from '../../support/run-voxhost.js';
import { type TemporaryFolder, temporaryFolder } from '../../support/temporary-folder.js';
import { largestDifference, wavy } from '../../support/volumes.js';
import { MANIFEST, standInSource, writePackage } from './stand-in.js';

/** What the plugin states, 5e-5, of values up to 120. */
const TOLERANCE = 120 * 5e-5;

/** Runs the command line with this package, and no other plugin than this one. */
const voxhost = (folder: TemporaryFolder, user: string, ...argv: readonly string[]) =>
  runVoxhost(['--plugin-select', 'org.voxhost.tensorflow', ...argv], folder.path, {
    env: { VOXHOST_TENSORFLOW: user },
  });

interface Told {
  readonly verdict: string;
  readonly text: string;
}

/** What the doctor says of the plugin. */
async function doctor(folder: TemporaryFolder, user: string): Promise<Told> {
  const { out, err } = await voxhost(folder, user, 'plugins', 'doctor', '--json');
  const { plugins } = JSON.parse(out) as { plugins: readonly Record<string, unknown>[] };
  const found = plugins.find(({ id }) => id === 'org.voxhost.tensorflow');
  assert.ok(found, `${out}\n${err}`);
  return { verdict: String(found['verdict']), text: JSON.stringify(found) };
}

describe('the TensorFlow that the user has', function () {
  this.timeout(60_000);

  it('resamples, found by the variable that the manifest names', async () => {
    using folder = temporaryFolder();
    const user = writePackage(folder, { source: await standInSource() });
    const input = join(folder.path, 'in.nii');
    await writeImage(wavy([9, 8, 7]), input);
    const grid = ['--spacing', '1.3,1.3,1.3', '--json', '--backend'];
    const ours = await voxhost(folder, user, 'resample', input, 'ours.nii', ...grid, 'tensorflow');
    assert.equal(ours.exitCode, 0, ours.err);
    const { provenance } = JSON.parse(ours.out);
    assert.equal(provenance.backend, 'tensorflow');
    const theirs = await runVoxhost(
      ['resample', input, 'theirs.nii', ...grid, 'reference'],
      folder.path,
    );
    assert.equal(theirs.exitCode, 0, theirs.err);
    const images = ['ours.nii', 'theirs.nii'].map((name) => readImage(join(folder.path, name)));
    const [a, b] = await Promise.all(images);
    assert.ok(largestDifference(a, b) < TOLERANCE);
  });

  const cases: readonly (readonly [string, Parameters<typeof writePackage>[1], RegExp, RegExp])[] =
    [
      [
        'without its native part is told from one that is not installed',
        {
          source:
            "throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found at path: x')",
        },
        /missing-library/,
        /Node-API binding.*npm rebuild/,
      ],
      [
        'without libtensorflow names it',
        {
          source:
            "throw new Error('libtensorflow.so.2: cannot open shared object file: No such file or directory')",
        },
        /missing-library/,
        /libtensorflow\.so\.2/,
      ],
      [
        'that kills the process is told as a crash',
        { source: 'process.abort()' },
        /crashed/,
        /SIGABRT/,
      ],
    ];
  for (const [name, parts, verdict, text] of cases) {
    it(name, async () => {
      using folder = temporaryFolder();
      const told = await doctor(folder, writePackage(folder, parts));
      assert.match(told.verdict, verdict, told.text);
      assert.match(told.text, text);
    });
  }

  it('too old is refused before its code runs', async () => {
    using folder = temporaryFolder();
    const user = writePackage(folder, { version: '3.21.0', source: 'process.exit(9)' });
    const told = await doctor(folder, user);
    assert.match(told.verdict, /missing-library/);
    assert.match(told.text, /tfjs-node-gpu \^4\.22\.0, found.{1,4}3\.21\.0/);
  });

  it('not installed is told with what to install', async () => {
    using folder = temporaryFolder();
    const told = await doctor(folder, dirname(MANIFEST));
    assert.match(told.verdict, /missing-library/);
    assert.match(told.text, /tfjs-node/);
  });
});
