import { DISTANCES, isDistanceName } from '#impact/distances/index.js';
import type { GoldenCase } from '../golden-case.js';

interface LossFile {
  readonly cases: readonly {
    readonly name: string;
    readonly N: number;
    readonly C: number;
    readonly fixed: number[][];
    readonly moving: number[][];
    readonly distances: { readonly [name: string]: { value: number; grad?: number[][] } };
  }[];
}

/** float64 against float64. */
const RELATIVE = 1e-9;
const ABSOLUTE = 1e-12;

export function lossCases(_folder: string, file: string, content: unknown): readonly GoldenCase[] {
  const { cases } = content as LossFile;
  return cases.flatMap((one) =>
    Object.entries(one.distances).map(([name, wanted]) => ({
      id: `${file} ${one.name} ${name}`,
      family: 'losses',
      run: async () => {
        if (!isDistanceName(name)) throw new Error(`${name} is no distance`);
        const { scope, evaluate } = DISTANCES[name];
        const fixed = Float64Array.from(one.fixed.flat());
        const moving = Float64Array.from(one.moving.flat());
        const modulator = new Float64Array(moving.length);
        const pair = { fixed, moving, samples: one.N, channels: one.C };
        const divisor = scope === 'sample' ? one.N : 1;
        const value = evaluate(pair, modulator) / divisor;
        let most = excess(value, wanted.value, 'value');
        for (const [i, w] of (wanted.grad ?? []).flat().entries()) {
          most = Math.max(most, excess(modulator[i] / divisor, w, `derivative ${i}`));
        }
        return most;
      },
    })),
  );
}

function excess(found: number, wanted: number, what: string): number {
  const error = Math.abs(found - wanted);
  if (error <= ABSOLUTE + RELATIVE * Math.abs(wanted)) return error;
  throw new Error(`${what} is ${found}, not ${wanted}`);
}
