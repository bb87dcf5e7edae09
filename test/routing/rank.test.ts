import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isHostError } from '#host/errors.js';
import { explainRanking } from '#host/routing/explain.js';
import { rank } from '#host/routing/rank.js';
import { block, candidate, compatible, resampleOf } from './fakes.js';

const slowStart = block({
  cost: { startMs: 1000, prepareNsPerVoxel: 0, runMs: 0, nsPerSample: 1, copyGBs: 0 },
});
const slowRun = block({
  cost: { startMs: 0, prepareNsPerVoxel: 0, runMs: 0, nsPerSample: 11, copyGBs: 0 },
});
const names = (ranking: ReturnType<typeof rank>) => ranking.order.map((r) => r.candidate.name);

describe('rank', () => {
  it('puts the least predicted time first, over all demanded runs', () => {
    const both = [candidate('gpu', [slowStart]), candidate('cpu', [slowRun])];
    assert.deepEqual(names(rank(resampleOf(1e6, 1), both)), ['cpu', 'gpu']);
    assert.deepEqual(names(rank(resampleOf(1e6, 1000), both)), ['gpu', 'cpu']);
  });

  it('crosses over exactly where the synthetic costs cross', () => {
    const both = [candidate('gpu', [slowStart]), candidate('cpu', [slowRun])];
    // 1000 ms of start against 10 ns a sample: they meet at 1e8 samples.
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400_000_000 }), (samples) => {
        const [first] = names(rank(resampleOf(samples), both));
        assert.equal(first, samples > 1e8 ? 'gpu' : samples < 1e8 ? 'cpu' : first);
      }),
    );
  });

  it('does not start what is active', () => {
    const both = [candidate('gpu', [slowStart], { isActive: true }), candidate('cpu', [slowRun])];
    assert.deepEqual(names(rank(resampleOf(1000), both)), ['gpu', 'cpu']);
  });

  it('waits only for the rest of a start that is under way', () => {
    const starting = (startingForMs: number) => [
      candidate('gpu', [slowStart], { startingForMs }),
      candidate('cpu', [slowRun]),
    ];
    // 10 ns a sample apart: 5e6 samples are 50 ms, so the cpu serves until 950 of 1000 ms have passed.
    assert.deepEqual(names(rank(resampleOf(5e6), starting(900))), ['cpu', 'gpu']);
    assert.deepEqual(names(rank(resampleOf(5e6), starting(960))), ['gpu', 'cpu']);
    assert.deepEqual(names(rank(resampleOf(5e6), starting(5000))), ['gpu', 'cpu']);
  });

  it('takes those alone that give the same bits every time, where that is asked for', () => {
    const { numerics } = slowRun;
    const loose = block({ ...slowRun, numerics: { ...numerics, deterministic: false } });
    const both = [candidate('gpu', [loose]), candidate('cpu', [slowStart])];
    assert.deepEqual(names(rank(resampleOf(), both)), ['gpu', 'cpu']);
    const { order, refused } = rank(resampleOf(), both, { deterministic: true });
    assert.deepEqual(
      order.map((r) => r.candidate.name),
      ['cpu'],
    );
    assert.deepEqual(
      refused.map((r) => [r.candidate.name, r.axis]),
      [['gpu', 'numerics']],
    );
    const mixed = [candidate('both', [loose, slowStart])];
    assert.equal(rank(resampleOf(), mixed, { deterministic: true }).order[0].block, slowStart);
  });

  it('explains where the other would win: rank changes its choice exactly there', () => {
    const both = [candidate('gpu', [slowStart]), candidate('cpu', [slowRun])];
    const { hints } = explainRanking(resampleOf(1e6), rank(resampleOf(1e6), both), undefined);
    const times = Number(/gpu would be chosen above ([\d.]+) times/.exec(hints.join('\n'))?.[1]);
    assert.equal(times, 100);
    assert.deepEqual(names(rank(resampleOf(1e6 * times * 1.001), both))[0], 'gpu');
    assert.deepEqual(names(rank(resampleOf(1e6 * times * 0.999), both))[0], 'cpu');
  });

  it('counts what a process of its own costs, unless that was calibrated', () => {
    const slower = block({
      cost: { startMs: 0, prepareNsPerVoxel: 0, runMs: 0, nsPerSample: 2, copyGBs: 0 },
    });
    const quicker = block({ cost: { ...slower.cost, nsPerSample: 1 } });
    const here = candidate('here', [slower]);
    const there = candidate('there', [quicker], { isIsolated: true });
    assert.deepEqual(names(rank(resampleOf(1e6, 10), [there, here])), ['here', 'there']);
    assert.deepEqual(names(rank(resampleOf(1e6, 10), [{ ...there, basis: 'calibrated' }, here])), [
      'there',
      'here',
    ]);
  });

  it('keeps the catalogue order on a tie', () => {
    const tied = ['a', 'b', 'c'].map((name) => candidate(name));
    assert.deepEqual(names(rank(resampleOf(), tied)), ['a', 'b', 'c']);
    assert.deepEqual(names(rank(resampleOf(), tied.toReversed())), ['c', 'b', 'a']);
  });

  it('puts the built-in reference last, however cheap it says it is', () => {
    const free = block({
      cost: { startMs: 0, prepareNsPerVoxel: 0, runMs: 0, nsPerSample: 0, copyGBs: 0 },
    });
    const both = [candidate('reference', [free], { layer: 8 }), candidate('cpu')];
    assert.deepEqual(names(rank(resampleOf(), both)), ['cpu', 'reference']);
  });

  it('serves by the cheapest block of those that fit', () => {
    const ranking = rank(resampleOf(1e6), [
      candidate('cpu', [slowRun, block({ cost: { ...slowRun.cost, nsPerSample: 2 } })]),
    ]);
    assert.equal(ranking.order[0]?.prediction.totalMs, 2);
  });

  it('refuses by the first axis that fails', () => {
    const lacks = candidate('cpu', [block({ interpolators: ['nearest'], boundaries: ['mirror'] })]);
    const [refused] = rank(resampleOf(), [lacks]).refused;
    assert.equal(refused?.axis, 'interpolator');
    assert.match(refused?.reason ?? '', /nearest.*not linear/);
  });

  it('treats an axis that is missing as not supported', () => {
    const { boundaries: _, ...rest } = block();
    const [refused] = rank(resampleOf(), [candidate('cpu', [rest as never])]).refused;
    assert.equal(refused?.axis, 'boundary');
  });

  it('refuses a plugin that is not usable with its verdict and evidence', () => {
    const old = {
      ...compatible,
      verdict: 'driver-too-old' as const,
      evidence: { expected: '570.26', found: '525.60' },
    };
    const [refused] = rank(resampleOf(), [candidate('cuda', [block()], { verdict: old })]).refused;
    assert.deepEqual(
      [refused?.axis, refused?.reason],
      ['verdict', 'driver-too-old, expected 570.26, found 525.60'],
    );
  });

  it('requires a single named backend and takes several as an order', () => {
    const all = ['a', 'b', 'c'].map((name) => candidate(name));
    assert.deepEqual(names(rank(resampleOf(), all, { backends: ['c'] })), ['c']);
    assert.deepEqual(names(rank(resampleOf(), all, { backends: ['c', 'org.example.a'] })), [
      'c',
      'a',
    ]);
    assert.deepEqual(names(rank(resampleOf(), all, { backends: ['c'], fallback: 'allow' })), [
      'c',
      'a',
      'b',
    ]);
  });

  it('refuses a name that two plugins have', () => {
    const twins = [
      candidate('gpu', [block()], { id: 'org.a' }),
      candidate('gpu', [block()], { id: 'org.b' }),
    ];
    assert.throws(
      () => rank(resampleOf(), twins, { backends: ['gpu'] }),
      (error) => isHostError(error, 'USAGE') && /org\.a and org\.b/.test(error.message),
    );
  });

  it('never routes back to the excluded', () => {
    const all = [candidate('a'), candidate('b')];
    assert.deepEqual(names(rank(resampleOf(), all, { exclude: ['org.example.a'] })), ['b']);
  });
});

describe('explainRanking', () => {
  it('says who was chosen and at which size the other would be', () => {
    const both = [candidate('gpu', [slowStart]), candidate('cpu', [slowRun])];
    const operation = resampleOf(1e6);
    const explanation = explainRanking(operation, rank(operation, both));
    assert.equal(explanation.chosen, 'cpu');
    assert.match(explanation.why, /11\.0 ms against/);
    assert.ok(
      explanation.hints.some((hint) => /gpu would be chosen above 100 times this size/.test(hint)),
    );
  });

  it('lists every candidate, the refused with their axis', () => {
    const operation = resampleOf();
    const ranking = rank(operation, [candidate('a'), candidate('b', [block({ dims: [3] })])]);
    const explanation = explainRanking(operation, ranking);
    assert.deepEqual(
      explanation.candidates.map((c) => [c.backend, c.refused?.axis]),
      [
        ['a', undefined],
        ['b', 'dims'],
      ],
    );
  });
});

describe('a demand for several maps', () => {
  const demand = { maps: ['affine', 'points'], samples: 'grid', perRun: 4, runs: 1 } as const;

  it('may be spread over blocks', () => {
    const spread = candidate('cpu', [block({ maps: ['affine'] }), block({ maps: ['points'] })]);
    assert.deepEqual(names(rank(resampleOf(4, 1, { demand }), [spread])), ['cpu']);
  });

  it('is refused where one of them is in no block', () => {
    const lacks = candidate('cpu', [
      block({ maps: ['affine'] }),
      block({ maps: ['points'], dims: [3] }),
    ]);
    const [refused] = rank(resampleOf(4, 1, { demand }), [lacks]).refused;
    assert.equal(refused?.axis, 'map');
    assert.match(refused?.reason ?? '', /not points/);
  });
});
