import type { Claims } from '../claims.js';
import { expected, expectWithin } from '../compare.js';
import type { ConformanceCase } from '../conformance-case.js';
import { expect, expectCode } from '../expect.js';
import { everydayTrial, longTrial, runOf } from '../trial.js';

const LONG = 200_000;

/** How a Prepared and a backend end. */
export function disposalCases(claims: Claims): readonly ConformanceCase[] {
  return [preparedCase(claims), backendCase(claims)];
}

const preparedCase = (claims: Claims): ConformanceCase => ({
  rule: 'R21',
  name: 'a disposed Prepared finishes its run, then answers none',
  async run(backend) {
    const [dims] = claims.dims;
    const [long, short] = [longTrial(claims, dims, LONG), everydayTrial(claims, dims)];
    const prepared = await backend.prepare(short.operation);
    let finished = false;
    const running = runOf(prepared, long).finally(() => {
      finished = true;
    });
    const waiting = runOf(prepared, short);
    // A run that is answered already when disposal begins was not queued.
    let answered = false;
    waiting.then(
      () => {
        answered = true;
      },
      () => undefined,
    );
    await Promise.resolve();
    const wasAnswered = answered;
    const disposal = prepared[Symbol.asyncDispose]();
    const refused = wasAnswered ? undefined : expectCode(waiting, 'DISPOSED', 'a queued run');
    refused?.catch(() => undefined);
    await disposal;
    await tick();
    expect(finished, 'disposal did not wait for the run in progress');
    await refused;
    expectWithin((await running).data, await expected(long, claims.block.numerics), long);
    await expectCode(runOf(prepared, short), 'DISPOSED', 'a run after disposal');
    await prepared[Symbol.asyncDispose]();
  },
});

/** What was answered in the same instant as the disposal has been heard after it. */
const tick = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });

const backendCase = (claims: Claims): ConformanceCase => ({
  rule: 'R21',
  name: 'a disposed backend prepares nothing, and its Prepareds answer nothing',
  async run(_backend, create) {
    const trial = everydayTrial(claims, claims.dims[0]);
    const own = await create();
    const prepared = await own.prepare(trial.operation);
    await own[Symbol.asyncDispose]();
    await expectCode(own.prepare(trial.operation), 'DISPOSED', 'preparing on a disposed backend');
    await expectCode(runOf(prepared, trial), 'DISPOSED', 'a run of a disposed backend');
    await own[Symbol.asyncDispose]();
  },
});
