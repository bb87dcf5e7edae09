// Fuzzes the parsers of foreign files: node scripts/fuzz.mjs [EXECUTIONS [SEED]]. Writes test/faults/results/fuzz.txt.
import { mkdirSync, writeFileSync } from 'node:fs';
import { FUZZ_TARGETS, fuzz } from '../.build/test/faults/fuzz.js';

const executions = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 20_261_121);
const lines = [`node ${process.versions.node}, seed ${seed}`];
let failed = 0;
for (const target of FUZZ_TARGETS) {
  const result = fuzz(target, seed, executions);
  failed += result.finds.length;
  lines.push(
    `${target.name}: ${executions} executions, ${result.accepted} accepted, ` +
      `slowest ${result.slowestMs.toFixed(1)} ms, ${result.finds.length} finds`,
    ...result.finds.map(({ input, error }) => `  ${error}: ${input}`),
  );
  console.log(lines.slice(-1 - result.finds.length).join('\n'));
}
const folder = new URL('../test/faults/results/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('fuzz.txt', folder), `${lines.join('\n')}\n`);
process.exit(failed === 0 ? 0 : 1);
