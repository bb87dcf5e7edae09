import { parseArgs } from 'node:util';
import { createTarget } from './create-target.js';
import { closingLine, runGolden } from './run-golden.js';

const USAGE = `usage: npm run golden -- DIR [--backend ID] [--family NAME]

Runs the golden cases of DIR, or of each folder in it: cases.json (resampling), and
losses.*.json, e2e.*.json, *_golden.json (IMPACT). Exits 1 when a case failed or none passed.`;

/** Runs what `USAGE` says. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      backend: { type: 'string' },
      family: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [folder] = positionals;
  if (values.help === true || folder === undefined) {
    console.log(USAGE);
    return values.help === true ? 0 : 2;
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
