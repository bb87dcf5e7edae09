import assert from 'node:assert/strict';
import { conformanceCases, RULES, type Rule } from '@voxhost/sdk/testing';
import { FAULTS as RESAMPLE_FAULTS } from './faulty-backends.js';
import { METRIC_FAULTS } from './faulty-metrics.js';
import { CLAIMS, createSmall } from './small-backend.js';

const FAULTS = [...RESAMPLE_FAULTS, ...METRIC_FAULTS];
const cases = conformanceCases(CLAIMS);

describe('the conformance kit', () => {
  it('finds nothing wrong with an honest backend', async () => {
    for (const one of cases) {
      await using backend = createSmall();
      await one.run(backend, async () => createSmall());
    }
  });

  for (const { name, breaks, create } of FAULTS) {
    it(`catches a backend that ${name}, by ${breaks}`, async () => {
      const caught: string[] = [];
      for (const one of cases.filter(({ rule }) => rule === breaks)) {
        await using backend = create();
        await one.run(backend, async () => create()).catch(() => caught.push(one.name));
      }
      assert.notEqual(caught.length, 0, `no case of ${breaks} failed`);
    });
  }

  it('has a case for every rule, and a fault for every rule', () => {
    const rules = Object.keys(RULES) as Rule[];
    const tried = new Set(cases.map(({ rule }) => rule));
    const broken = new Set(FAULTS.map(({ breaks }) => breaks));
    assert.deepEqual([...tried].sort(), [...rules].sort());
    assert.deepEqual([...broken].sort(), [...rules].sort());
  });

  it('names every case once', () => {
    const names = cases.map(({ rule, name }) => `${rule}: ${name}`);
    assert.equal(new Set(names).size, names.length);
  });
});
