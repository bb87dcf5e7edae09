// Fuzzes the parsers of foreign files: node scripts/fuzz.mjs [EXECUTIONS [SEED [NAME]]]. Writes test/faults/results/fuzz.txt;
// with the name of one parser only its part.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { FUZZ_TARGETS, fuzz } from '../.build/test/faults/fuzz.js';
import { fuzzFrames } from '../.build/test/loading/process/fuzz-frames.js';

const executions = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 20_261_121);
const only = process.argv[4];
const folder = new URL('../test/faults/results/', import.meta.url);
const file = new URL('fuzz.txt', folder);

/** What was found before of a parser that is not run now. */
const before =
  only === undefined || !existsSync(file) ? [] : readFileSync(file, 'utf8').split('\n');
function kept(name) {
  const start = before.findIndex((line) => line.startsWith(`${name}: `));
  if (start === -1) return [];
  const length = before.slice(start + 1).findIndex((line) => !line.startsWith('  '));
  return before.slice(start, start + 1 + length);
}

const lines = [`node ${process.versions.node}, seed ${seed}`];
let failed = 0;
for (const target of FUZZ_TARGETS) {
  if (only !== undefined && only !== target.name) {
    lines.push(...kept(target.name));
    continue;
  }
  const result = fuzz(target, seed, executions);
  failed += result.finds.length;
  lines.push(
    `${target.name}: ${executions} executions, ${result.accepted} accepted, ` +
      `slowest ${result.slowestMs.toFixed(1)} ms, ${result.finds.length} finds`,
    ...result.finds.map(({ input, error }) => `  ${error}: ${input}`),
  );
  console.log(lines.slice(-1 - result.finds.length).join('\n'));
}
if (only !== undefined && only !== 'frames') lines.push(...kept('frames'));
else {
  // What the reader throws besides a broken contract ends this script.
  const { read, refused, messages } = fuzzFrames(executions, seed);
  lines.push(
    `frames: ${executions} executions, ${read} accepted with ${messages} messages, ${refused} refused, 0 finds`,
  );
  console.log(lines.at(-1));
}
mkdirSync(folder, { recursive: true });
writeFileSync(file, `${lines.join('\n')}\n`);
process.exit(failed === 0 ? 0 : 1);
