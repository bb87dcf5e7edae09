import assert from 'node:assert/strict';
import { float } from '#impact/onnx/attributes.js';
import type { GraphBuilder } from '#impact/onnx/graph-builder.js';
import { RULES } from '#impact/vjp/rules/index.js';
import { checkToy, type Toy } from './vjp-check.js';

type Attributes = Parameters<GraphBuilder['op']>[2];

const unary = (op: string, attributes?: Attributes): Toy => ({
  shape: [2, 3],
  build: (g) => g.op(op, ['input'], attributes),
});

const positive = (toy: Toy): Toy => ({ ...toy, value: (i) => 0.5 + ((i * 0.37) % 1) });

const weights =
  (dims: readonly number[], salt = 0) =>
  (g: GraphBuilder) => {
    const count = dims.reduce((n, d) => n * d, 1);
    return g.floats(
      dims,
      Float32Array.from({ length: count }, (_, i) => Math.sin(5 * i + salt + 1)),
    );
  };

const picture = [2, 2, 5, 6];
const volume = [1, 2, 4, 5, 3];

function conv(shape: readonly number[], dims: number[], attributes: Attributes): Toy {
  return { shape, build: (g) => g.op('Conv', ['input', weights(dims)(g)], attributes) };
}

/** The input twice, shifted, so that both operands carry a derivative. */
const both = (
  op: string,
  first: readonly number[] = [1],
  second: readonly number[] = [3],
): Toy => ({
  shape: [2, 3],
  build: (g) => {
    const a = g.op('Add', ['input', weights(first)(g)]);
    const b = g.op('Mul', [g.op('Add', ['input', g.scalar(1.7)]), weights(second, 2)(g)]);
    return g.op(op, [a, b]);
  },
});

/** One operand repeated along axes of the other. */
const broadcast = (op: string): Toy => ({
  shape: [2, 3, 2],
  value: (i) => 0.6 + ((i * 0.37) % 1),
  build: (g) => {
    const row = g.op('Slice', ['input', g.integers([0]), g.integers([1])]);
    const cell = g.reduce('ReduceSum', row, [0, 2], false);
    const column = g.op('Unsqueeze', [cell, g.integers([1])]);
    return g.op(op, ['input', g.op('Mul', [column, g.scalar(0.43)])]);
  },
});

const pool = (op: string, shape: readonly number[], attributes: Attributes): Toy => ({
  shape,
  build: (g) => g.op(op, ['input'], attributes),
});

const pad = (mode: string, pads: number[]): Toy => ({
  shape: [1, 2, 3, 4],
  build: (g) => g.op('Pad', ['input', g.integers(pads)], { mode }),
});

/** Pads that are only known when the graph runs, as an exporter writes them. */
const latePad = (mode: string): Toy => ({
  shape: [1, 1, 3, 4],
  build: (g) => {
    const pads = g.op('Mul', [
      g.integers([0, 0, 2, 1, 0, 0, 1, 3]),
      g.part(g.shape('input'), 0, 1),
    ]);
    return g.op('Pad', ['input', pads], { mode });
  },
});

const resize = (mode: string, coordinates: string, scales: number[]): Toy => ({
  shape: [1, 2, 3, 4],
  build: (g) =>
    g.op('Resize', ['input', '', g.floats([4], scales)], {
      mode,
      coordinate_transformation_mode: coordinates,
      ...(mode === 'nearest' ? { nearest_mode: 'floor' } : {}),
    }),
});

const CASES: Readonly<Record<string, readonly Toy[]>> = {
  Abs: [unary('Abs')],
  Add: [both('Add'), broadcast('Add')],
  AveragePool: [
    pool('AveragePool', picture, { kernel_shape: [3, 2] }),
    pool('AveragePool', picture, { kernel_shape: [3, 2], strides: [2, 3] }),
    pool('AveragePool', picture, { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
    pool('AveragePool', picture, {
      kernel_shape: [3, 3],
      pads: [1, 0, 1, 2],
      count_include_pad: 1,
    }),
    pool('AveragePool', volume, { kernel_shape: [1, 3, 1] }),
  ],
  BatchNormalization: [
    {
      shape: [2, 3, 4],
      build: (g) => {
        const [gain, bias, mean] = [1, 2, 3].map((salt) => weights([3], salt)(g));
        const inputs = ['input', gain, bias, mean, g.floats([3], [0.5, 1, 2])];
        return g.op('BatchNormalization', inputs, { epsilon: float(1e-3) });
      },
    },
  ],
  Cast: [
    {
      shape: [2, 3],
      build: (g) => g.op('Cast', [g.op('Exp', [g.op('Cast', ['input'], { to: 11 })])], { to: 1 }),
    },
  ],
  Clip: [
    { shape: [3, 4], build: (g) => g.op('Clip', ['input', g.scalar(-0.513), g.scalar(0.402)]) },
    { shape: [3, 4], build: (g) => g.op('Clip', ['input', '', g.scalar(0.402)]) },
  ],
  Concat: [
    {
      shape: [2, 3],
      build: (g) => {
        const twice = g.op('Mul', ['input', g.scalar(2)]);
        return g.op('Concat', ['input', weights([2, 2])(g), twice], { axis: -1 });
      },
    },
  ],
  Conv: [
    conv(picture, [3, 2, 3, 3], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
    conv(picture, [3, 2, 3, 2], { dilations: [2, 1], pads: [0, 1, 2, 0] }),
    conv(picture, [3, 2, 3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }),
    conv(picture, [3, 2, 2, 2], { strides: [3, 2] }),
    conv([1, 4, 5, 5], [6, 2, 3, 3], { group: 2, pads: [1, 1, 1, 1] }),
    conv(picture, [1, 2, 1, 1], { pads: [2, 2, 2, 2] }),
    conv(volume, [2, 2, 3, 3, 3], { pads: [1, 1, 1, 1, 1, 1] }),
    conv(volume, [2, 2, 2, 3, 1], { strides: [2, 2, 1], pads: [0, 1, 0, 1, 1, 0] }),
  ],
  ConvTranspose: [
    {
      shape: picture,
      build: (g) =>
        g.op('ConvTranspose', ['input', weights([2, 3, 3, 3])(g)], {
          strides: [2, 2],
          pads: [1, 0, 1, 1],
          output_padding: [1, 0],
        }),
    },
    {
      shape: volume,
      build: (g) =>
        g.op('ConvTranspose', ['input', weights([2, 1, 2, 2, 2])(g)], {
          strides: [2, 2, 2],
          group: 2,
        }),
    },
  ],
  Div: [positive(both('Div', [1], [1])), broadcast('Div')],
  Dropout: [unary('Dropout')],
  Elu: [unary('Elu', { alpha: float(0.7) })],
  Erf: [unary('Erf')],
  Exp: [unary('Exp')],
  Expand: [{ shape: [2, 1, 3], build: (g) => g.op('Expand', ['input', g.integers([2, 2, 4, 3])]) }],
  Flatten: [{ shape: [2, 3, 2], build: (g) => g.op('Flatten', ['input'], { axis: 2 }) }],
  Gather: [
    { shape: [3, 4], build: (g) => g.op('Gather', ['input', g.integers([2, 0, 2])], { axis: 1 }) },
  ],
  GatherElements: [
    {
      shape: [3, 2],
      build: (g) => {
        const indices = g.op('Reshape', [g.integers([1, 0, 1, 1]), g.integers([2, 2])]);
        return g.op('GatherElements', ['input', indices], { axis: 1 });
      },
    },
  ],
  Gelu: [
    { ...unary('Gelu'), opset: 20 },
    { ...unary('Gelu', { approximate: 'tanh' }), opset: 20 },
  ],
  Gemm: [0, 1, 2, 3].map(
    (bits): Toy => ({
      shape: [3, 3],
      build: (g) => {
        const b = g.op('Mul', ['input', weights([3, 3])(g)]);
        const c = g.reduce('ReduceSum', 'input', [0]);
        const attributes = { alpha: float(0.7), beta: float(1.3) };
        return g.op('Gemm', ['input', b, c], {
          ...attributes,
          transA: bits & 1,
          transB: bits >> 1,
        });
      },
    }),
  ),
  GlobalAveragePool: [unaryOf([2, 2, 3, 2], 'GlobalAveragePool')],
  HardSigmoid: [
    unary('HardSigmoid', { alpha: float(0.7), beta: float(0.45) }),
    { shape: [2, 3], build: (g) => g.op('HardSigmoid', [g.op('Mul', ['input', g.scalar(4.1)])]) },
  ],
  HardSwish: [{ ...unary('HardSwish'), value: (i) => [-4.1, -2.2, 0.7, 2.6, 3.9, -0.4][i] }],
  Identity: [unary('Identity')],
  InstanceNormalization: [
    {
      shape: [2, 3, 2, 4],
      build: (g) => {
        const inputs = ['input', weights([3], 1)(g), weights([3], 2)(g)];
        return g.op('InstanceNormalization', inputs, { epsilon: float(1e-2) });
      },
    },
  ],
  LayerNormalization: [
    {
      shape: [2, 3, 4],
      build: (g) => {
        const inputs = ['input', weights([3, 4], 1)(g), weights([3, 4], 2)(g)];
        return g.op('LayerNormalization', inputs, { axis: 1, epsilon: float(1e-3) });
      },
    },
    {
      shape: [2, 5],
      build: (g) => g.op('LayerNormalization', ['input', weights([5], 1)(g)]),
    },
  ],
  LeakyRelu: [unary('LeakyRelu', { alpha: float(0.2) }), unary('LeakyRelu')],
  Log: [positive(unary('Log'))],
  LogSoftmax: [unary('LogSoftmax', { axis: 0 })],
  MatMul: [{ shape: [2, 3, 3], build: matMulBoth }],
  Max: [both('Max', [3]), broadcast('Max')],
  MaxPool: [
    pool('MaxPool', picture, { kernel_shape: [2, 2], strides: [2, 2] }),
    pool('MaxPool', picture, { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
    pool('MaxPool', volume, { kernel_shape: [2, 2, 2] }),
  ].map((toy) => ({ ...toy, value: (i: number) => ((i * 37) % 121) / 30 })),
  Min: [both('Min', [3]), broadcast('Min')],
  Mul: [
    both('Mul'),
    broadcast('Mul'),
    { shape: [4], build: (g) => g.op('Mul', ['input', 'input']) },
  ],
  Neg: [unary('Neg')],
  Pad: [
    pad('constant', [0, 1, 2, 1, 0, 0, 1, 0]),
    pad('edge', [0, 0, 2, 1, 0, 0, 1, 3]),
    pad('edge', [0, 1, 0, 2, 0, 0, 0, 0]),
    pad('reflect', [0, 0, 2, 1, 0, 0, 1, 3]),
    latePad('constant'),
    latePad('edge'),
    { ...pad('edge', [0, 0, 2, 1, 0, 0, 1, 3]), shape: [1, 1, 1, 1] },
  ],
  Pow: [
    positive({ shape: [2, 3], build: (g) => g.op('Pow', ['input', g.scalar(2.5)]) }),
    { shape: [2, 3], build: (g) => g.op('Pow', ['input', g.scalar(2)]) },
    { shape: [2, 3], build: (g) => g.op('Pow', ['input', g.integer(3)]) },
  ],
  PRelu: [{ shape: [2, 3], build: (g) => g.op('PRelu', ['input', weights([3])(g)]) }],
  Reciprocal: [positive(unary('Reciprocal'))],
  ReduceMax: reductions('ReduceMax'),
  ReduceMean: reductions('ReduceMean'),
  ReduceMin: reductions('ReduceMin'),
  ReduceSum: [
    { shape: [2, 3, 4], build: (g) => g.reduce('ReduceSum', 'input', [1], false) },
    { shape: [2, 3, 4], build: (g) => g.op('ReduceSum', ['input'], { keepdims: 0 }) },
  ],
  Relu: [unary('Relu')],
  Reshape: [{ shape: [2, 6], build: (g) => g.op('Reshape', ['input', g.integers([3, -1])]) }],
  Resize: [
    resize('linear', 'half_pixel', [1, 1, 2, 2]),
    resize('linear', 'align_corners', [1, 1, 2, 1.5]),
    resize('linear', 'pytorch_half_pixel', [1, 1, 0.5, 3]),
    resize('nearest', 'asymmetric', [1, 1, 2, 2]),
    {
      shape: [1, 2, 3, 4],
      build: (g) => {
        const size = g.op('Mul', [g.shape('input'), g.integers([1, 1, 2, 3])]);
        return g.op('Resize', ['input', '', '', size], { mode: 'linear' });
      },
    },
    {
      shape: [1, 1, 2, 3, 2],
      build: (g) =>
        g.op('Resize', ['input', '', g.floats([5], [1, 1, 2, 2, 2])], { mode: 'linear' }),
    },
  ],
  Sigmoid: [unary('Sigmoid')],
  Slice: [
    {
      shape: [4, 5],
      build: (g) => {
        const [from, to, axes, steps] = [
          [3, 1],
          [-9, 5],
          [0, 1],
          [-2, 1],
        ];
        return g.op('Slice', ['input', ...[from, to, axes, steps].map((v) => g.integers(v))]);
      },
    },
  ],
  Softmax: [unary('Softmax'), unary('Softmax', { axis: 0 })],
  Softplus: [unary('Softplus')],
  Split: [
    {
      shape: [2, 5],
      build: (g) => {
        const [a = '', , c = ''] = g.ops('Split', ['input', g.integers([2, 1, 2])], 3, { axis: 1 });
        return g.op('Mul', [a, c]);
      },
    },
  ],
  Sqrt: [positive(unary('Sqrt'))],
  Squeeze: [{ shape: [2, 1, 3], build: (g) => g.op('Squeeze', ['input', g.integers([1])]) }],
  Sub: [both('Sub'), broadcast('Sub')],
  Sum: [
    {
      shape: [2, 3],
      build: (g) => g.op('Sum', ['input', weights([3])(g), g.op('Neg', ['input'])]),
    },
    broadcast('Sum'),
  ],
  Tanh: [unary('Tanh')],
  Transpose: [
    { shape: [2, 3, 4], build: (g) => g.op('Transpose', ['input'], { perm: [1, 2, 0] }) },
    unary('Transpose'),
  ],
  Unsqueeze: [{ shape: [2, 3], build: (g) => g.op('Unsqueeze', ['input', g.integers([-1])]) }],
  Where: [
    {
      shape: [2, 3],
      build: (g) => {
        const condition = g.op('Greater', ['input', g.scalar(0.1)]);
        const row = g.reduce('ReduceSum', 'input', [0]);
        return g.op('Where', [condition, g.op('Exp', ['input']), row]);
      },
    },
  ],
};

function unaryOf(shape: readonly number[], op: string): Toy {
  return { shape, build: (g) => g.op(op, ['input']) };
}

/** Both operands of a batched product carry a derivative; one is repeated over the batch. */
function matMulBoth(g: GraphBuilder): string {
  const turned = g.op('Transpose', ['input'], { perm: [0, 2, 1] });
  const first = g.op('Slice', [turned, g.integers([0]), g.integers([1])]);
  return g.op('MatMul', [g.op('MatMul', ['input', weights([3, 3])(g)]), first]);
}

function reductions(op: string): readonly Toy[] {
  return [
    { shape: [2, 3, 4], build: (g) => g.reduce(op, 'input', [0, 2]) },
    { shape: [2, 3, 4], build: (g) => g.reduce(op, 'input', [1], false) },
    { shape: [2, 3, 4], build: (g) => g.op(op, ['input'], { keepdims: 0 }) },
    { shape: [2, 3, 4], opset: 18, build: (g) => g.reduce(op, 'input', [-1], false) },
  ];
}

describe('vector-Jacobian rules', () => {
  for (const op of RULES.keys()) {
    it(`of ${op} agrees with differences`, async () => {
      const toys = CASES[op];
      assert.ok(toys !== undefined && toys.length > 0, 'a rule without a test');
      for (const [k, toy] of toys.entries()) {
        await checkToy(toy).catch((error: unknown) => {
          throw new Error(`form ${k}: ${error instanceof Error ? error.message : error}`, {
            cause: error,
          });
        });
      }
    });
  }
});
