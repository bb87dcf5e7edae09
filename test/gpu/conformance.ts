import type { Backend } from '@voxhost/sdk';
import { conformanceCases } from '@voxhost/sdk/testing';

/** What the contract's rules found. */
export interface Conformance {
  readonly passed: number;
  /** Each with its rule and reason. */
  readonly failed: readonly string[];
}

/** Tries every rule on every claim of a backend, without a test runner. */
export async function runConformance(create: () => Promise<Backend>): Promise<Conformance> {
  await using backend = await create();
  const failed: string[] = [];
  const cases = conformanceCases(backend.capabilities);
  for (const { rule, name, run } of cases) {
    try {
      await run(backend, create);
    } catch (error) {
      failed.push(`${rule}: ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { passed: cases.length - failed.length, failed };
}
