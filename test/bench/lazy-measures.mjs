// The other measures of results/lazy.md: samples and memory, folding and the size of a field, the cache.
// `node --expose-gc test/bench/lazy-measures.mjs samples N | fold | cache`; prints JSON.
import { affineMap, createGrid, createImage, fieldMap, then } from '@voxhost/sdk';
import { createHost } from 'voxhost';
import { compose, elastic, randSpatialCropSamples, rotate } from 'voxhost/lazy';

const [what, count] = process.argv.slice(2);
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function samples(number) {
  const host = await createHost({ backends: ['cpu'], threads: 1 });
  const size = [160, 160, 160];
  const source = createImage(createGrid({ size }), new Float32Array(160 ** 3));
  const turn = rotate({ angle: [0.1, 0.2, 0.1], mode: 'bilinear', padding_mode: 'zeros' });
  const crops = randSpatialCropSamples({ roi_size: [64, 64, 64], num_samples: number });
  let made = 0;
  for await (const { image } of compose([turn, crops], { lazy: true }).samples(host, source)) {
    made += image.data.length > 0 ? 1 : 0;
    globalThis.gc?.(); // what the consumer let go is not counted
  }
  await host.close();
  console.log(JSON.stringify({ samples: made, peakMB: process.resourceUsage().maxRSS / 1024 }));
}

function fold() {
  const matrix = affineMap([1, 0.1, 0, 2, 0, 0.9, 0, 1, 0.05, 0, 1.1, 0]);
  for (const n of [16, 32, 64, 128]) {
    const lattice = {
      size: [n, n, n],
      order: 1,
      outside: 'edge',
      data: new Float32Array(3 * n ** 3),
    };
    const field = fieldMap({ lattice });
    const times = Array.from({ length: 2000 }, () => {
      const start = performance.now();
      then(then(matrix, field), matrix);
      return (performance.now() - start) * 1000;
    });
    console.log(JSON.stringify({ lattice: n, microseconds: median(times) }));
  }
}

async function cache() {
  const host = await createHost({ backends: ['cpu'], threads: 1 });
  const source = createImage(createGrid({ size: [96, 96, 96] }), new Float32Array(96 ** 3));
  const pipeline = compose([elastic({ seed: 1, sigma: 6, magnitude: 40 })], { lazy: true });
  for (let run = 1; run <= 3; run++) {
    const start = performance.now();
    const { image } = await pipeline.run(host, source);
    const forward = performance.now();
    await pipeline.invert(host, image);
    const inverse = performance.now() - forward;
    console.log(
      JSON.stringify({ run, forwardMs: forward - start, inverseMs: inverse, ...pipeline.counts }),
    );
  }
  await host.close();
}

await { samples: () => samples(Number(count)), fold, cache }[what]();
