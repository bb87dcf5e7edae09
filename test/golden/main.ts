import { parseArgs } from 'node:util';
import { createTarget } from './create-target.js';
import { closingLine, runGolden } from './run-golden.js';

/** `DIR [--backend ID] [--family NAME]`; exits 1 when a case failed or none passed. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { backend: { type: 'string' }, family: { type: 'string' } },
  });
  const [folder] = positionals;
  if (folder === undefined) {
    console.error('usage: npm run golden -- DIR [--backend ID] [--family NAME]');
    return 2;
  }
  await using target = await createTarget(values.backend);
  const outcomes = await runGolden(folder, target, {
    ...(values.family !== undefined && { family: values.family }),
    report: (outcome) => {
      if (outcome.kind === 'failed') console.log(`FAILED  ${outcome.id}: ${outcome.error}`);
      if (outcome.kind === 'skipped') console.log(`skipped ${outcome.id}: ${outcome.reason}`);
    },
  });
  console.log(closingLine(outcomes));
  const bad =
    outcomes.some((o) => o.kind === 'failed') || outcomes.every((o) => o.kind !== 'passed');
  return bad ? 1 : 0;
}
