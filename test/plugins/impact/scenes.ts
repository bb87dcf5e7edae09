import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createGrid,
  createImage,
  type GridInput,
  type Image,
  indexToPhysical,
  type Json,
  type Metric,
} from '@voxhost/sdk';
import { encodeModel } from '#impact/onnx/encode.js';
import { type Toy, toyModel } from './vjp-check.js';

/** A smooth texture of physical space: sums of waves of 9 to 25 mm. */
export function texture(point: readonly number[]): number {
  const [x, y, z = 0] = point;
  const waves =
    Math.sin(0.7 * x + 0.2 * y) + Math.cos(0.55 * y - 0.3 * z) * Math.sin(0.4 * z + 0.25 * x);
  return 100 * waves + 30 * Math.sin(0.31 * (x + y + z));
}

/** An image of a function of physical points. */
export function imageOf(
  input: GridInput,
  value: (point: readonly number[]) => number = texture,
): Image {
  const grid = createGrid(input);
  const { size } = grid;
  const dims = size.length;
  const matrix = indexToPhysical(grid);
  const count = size.reduce((n, s) => n * s, 1);
  const data = Float32Array.from({ length: count }, (_, i) => {
    const index = size.map((_, a) => {
      const pitch = size.slice(0, a).reduce((n, s) => n * s, 1);
      return Math.floor(i / pitch) % size[a];
    });
    const point = size.map((_, r) =>
      index.reduce(
        (sum, at, c) => sum + matrix[r * (dims + 1) + c] * at,
        matrix[r * (dims + 1) + dims],
      ),
    );
    return value(point);
  });
  return createImage(grid, data);
}

export function metricOf(
  fixed: Image,
  moving: Image,
  options: Json,
  more: Partial<Metric> = {},
): Metric {
  return {
    kind: 'metric',
    name: 'impact',
    options,
    fixed,
    moving,
    fixedInterpolator: 'bspline3',
    movingInterpolator: 'bspline3',
    derivative: true,
    demand: { maps: ['affine'], samples: 'points', perRun: 20, runs: 10 },
    ...more,
  };
}

/** Points inside an image, off its grid, the same for the same count. */
export function pointsIn({ grid: { size } }: Image, count: number, margin: number): Float64Array {
  return Float64Array.from({ length: count * size.length }, (_, i) => {
    const share = (i * 0.6180339887 + 0.21 * Math.floor(i / size.length)) % 1;
    return margin + share * (size[i % size.length] - 1 - 2 * margin);
  });
}

/** Models as files in a folder of their own. */
export interface ModelFolder extends AsyncDisposable {
  readonly path: string;
  write(name: string, toy: Toy, sideCar?: Json): Promise<string>;
}

export async function modelFolder(): Promise<ModelFolder> {
  const path = await mkdtemp(join(tmpdir(), 'voxhost-impact-'));
  return {
    path,
    async write(name, toy, sideCar) {
      const file = join(path, `${name}.onnx`);
      await writeFile(file, encodeModel(toyModel(toy)));
      if (sideCar !== undefined)
        await writeFile(join(path, `${name}.json`), JSON.stringify(sideCar));
      return file;
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** Two smooth layers, of 3 and 2 channels, the second of them positive; receptive fields of 3 and 5. */
export function smoothNetwork(dims: 2 | 3, channels = 1): Toy {
  const kernel = Array<number>(dims).fill(3);
  const pads = Array<number>(2 * dims).fill(1);
  return {
    shape: Array<number>(dims + 2).fill(1),
    build: (g) => {
      const weights = (outputs: number, inputs: number, salt: number) => {
        const count = outputs * inputs * 3 ** dims;
        const values = Float32Array.from({ length: count }, (_, i) => Math.sin(3.7 * i + salt));
        return g.floats([outputs, inputs, ...kernel], values);
      };
      const scaled = g.op('Mul', ['input', g.scalar(0.004)]);
      const first = g.op('Conv', [scaled, weights(3, channels, 1)], { pads });
      const shallow = g.op('Tanh', [first]);
      const second = g.op('Conv', [shallow, weights(2, 3, 2)], { pads });
      return [shallow, g.op('Sigmoid', [g.op('Mul', [second, g.scalar(0.4)])])];
    },
  };
}
