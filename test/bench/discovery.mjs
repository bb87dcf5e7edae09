// How long discovery takes: 10 000 manifests of 1.1 kB, in one folder and in a folder each, and 50 plugins against none.
// node test/bench/discovery.mjs [ROUNDS [cold]]; `cold`, for root on Linux, empties the disk's cache before each round.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifestOf } from '../../.build/test/support/manifest-builder.js';

const ROUNDS = Number(process.argv[2] ?? 9);
const COLD = process.argv[3] === 'cold';
const MANY = 10_000;
const FEW = 50;
const launcher = fileURLToPath(new URL('../../host/bin/voxhost.js', import.meta.url));
const code = 'export default 1;\n';
const seal = {
  path: 'plugin.mjs',
  size: code.length,
  sha256: createHash('sha256').update(code).digest('hex'),
};

/** Sealed plugins in folders of their own, or manifests side by side that share one file of code. */
function plant(root, count, together) {
  mkdirSync(root, { recursive: true });
  for (let index = 0; index < count; index++) {
    const id = `org.example.p${String(index).padStart(5, '0')}`;
    const folder = together ? root : join(root, id);
    mkdirSync(folder, { recursive: true });
    const manifest = manifestOf({ id, name: `p${index}`, displayName: 'One of very many' });
    const targets = manifest.targets.map((each) => (together ? each : { ...each, files: [seal] }));
    writeFileSync(
      join(folder, `${id}.plugin.json`),
      JSON.stringify({ ...manifest, targets, 'x-filler': 'x'.repeat(100) }, null, 1),
    );
    writeFileSync(join(folder, 'plugin.mjs'), code);
  }
  return root;
}

const discovery = `
  const at = (path) => import(new URL(path, ${JSON.stringify(new URL('../../host/dist/', import.meta.url))}));
  const { discoverPlugins } = await at('discovery/discover.js');
  const { createDiskSource } = await at('files/disk-source.js');
  const { readMachineFacts } = await at('compatibility/read-machine-facts.js');
  const { DEFAULT_POLICY } = await at('compatibility/policy.js');
  const place = { layer: 1, kind: 'path', path: process.argv[1], origin: 'bench', explicit: true, source: 'disk' };
  const policy = { ...DEFAULT_POLICY, trustedOwners: [process.getuid?.() ?? 0] };
  const before = performance.now();
  const { entries } = await discoverPlugins({ layers: [place], facts: readMachineFacts(), policy, source: createDiskSource() });
  if (entries.some(({ verdict }) => verdict.severity !== 'ok')) throw new Error('one is not compatible');
  console.log(performance.now() - before);`;

function run(argv, env) {
  if (COLD) {
    spawnSync('sync');
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    spawnSync(process.execPath, ['-e', '0']); // Node.js itself is not what is measured
  }
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { env, encoding: 'utf8' });
  const ms = performance.now() - started;
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
  return { ms, stdout };
}

const folder = mkdtempSync(join(tmpdir(), 'voxhost-discovery-'));
try {
  const env = { ...process.env, HOME: folder };
  for (const name of ['CONFIG', 'STATE', 'CACHE', 'DATA']) env[`XDG_${name}_HOME`] = folder;
  const list = (path) => run([launcher, 'plugins', 'list', '--plugin-path', path], env).ms;
  const inside = (path) => Number(run(['--input-type=module', '-e', discovery, path], env).stdout);
  const flat = plant(join(folder, 'flat'), MANY, true);
  const nested = plant(join(folder, 'nested'), MANY, false);
  const few = plant(join(folder, 'few'), FEW, false);
  const none = plant(join(folder, 'none'), 0, true);
  const measures = {
    [`discovery of ${MANY} manifests in one folder`]: () => inside(flat),
    [`discovery of ${MANY} plugins in folders`]: () => inside(nested),
    [`\`plugins list\`, ${MANY} manifests in one folder`]: () => list(flat),
    [`\`plugins list\`, ${MANY} plugins in folders`]: () => list(nested),
    [`\`plugins list\`, ${FEW} plugins`]: () => list(few),
    '`plugins list`, no plugins': () => list(none),
  };
  const times = Object.entries(measures).map(([name, measure]) => ({ name, measure, ms: [] }));
  for (let round = 0; round < ROUNDS; round++)
    for (const { measure, ms } of times) ms.push(measure());
  const rows = times.map(({ name, ms }) => {
    ms.sort((a, b) => a - b);
    return `| ${name} | ${ms[0].toFixed(0)} | ${ms[ms.length >> 1].toFixed(0)} |`;
  });
  const [fifty, nothing] = times.slice(-2).map(({ ms }) => ms[ms.length >> 1]);
  const report = [
    '# Discovery',
    '',
    `Milliseconds of ${ROUNDS} runs in turn, each a process of its own${COLD ? ', the disk’s cache emptied before it' : ''};`,
    `Node.js ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} x ${cpus()[0].model}.`,
    `Made by \`node test/bench/discovery.mjs${process.argv
      .slice(2)
      .map((a) => ` ${a}`)
      .join('')}\`.`,
    '',
    '| what | least | median |',
    '| --- | --- | --- |',
    ...rows,
    '',
    `${FEW} plugins cost ${(fifty - nothing).toFixed(0)} ms (of the medians).`,
    '',
  ].join('\n');
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  writeFileSync(new URL(`results/discovery${COLD ? '-cold' : ''}.md`, import.meta.url), report);
  process.stdout.write(report);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
