import type { Backend } from '../backend.js';
import type { Json } from '../json.js';
import type { ConformanceCase } from './conformance-case.js';
import { conformanceCases } from './conformance-cases.js';

/** The verbs of a test runner: mocha's, or those of `node:test`. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>): unknown;
  /** With it one backend serves all cases; without, each case makes its own. */
  after?(body: () => Promise<void>): unknown;
}

/**
 * Tries the contract on a backend: one test per rule and claim, named by the rule's number in sdk/README.md.
 * A test file is one such line; a backend that cannot be created is one failing test.
 *
 * @example
 * await describeBackend('mine', async () => createMine(), { describe, it, after });
 *
 * @param ownMetrics - options, by name, of metrics that the reference does not have: they are tried by all rules
 *   but those that compare values
 */
export async function describeBackend(
  name: string,
  create: () => Promise<Backend>,
  runner: TestRunner,
  ownMetrics: Readonly<Record<string, Json>> = {},
): Promise<void> {
  const cases = await casesOf(create, ownMetrics);
  runner.describe(`backend ${name}`, () => {
    const shared = runner.after === undefined ? undefined : share(create, runner.after);
    for (const one of cases) {
      runner.it(`${one.rule}: ${one.name}`, async () => {
        if (shared !== undefined) return one.run(await shared(), create);
        await using own = await create();
        return await one.run(own, create);
      });
    }
  });
}

async function casesOf(
  create: () => Promise<Backend>,
  ownMetrics: Readonly<Record<string, Json>>,
): Promise<readonly ConformanceCase[]> {
  try {
    await using backend = await create();
    return conformanceCases(backend.capabilities, ownMetrics);
  } catch (error) {
    return [{ rule: 'R1', name: 'the backend can be created', run: () => Promise.reject(error) }];
  }
}

function share(
  create: () => Promise<Backend>,
  after: (body: () => Promise<void>) => unknown,
): () => Promise<Backend> {
  let backend: Promise<Backend> | undefined;
  after(async () => {
    await (await backend)?.[Symbol.asyncDispose]();
  });
  return () => {
    backend ??= create();
    return backend;
  };
}
