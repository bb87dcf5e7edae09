import type { Rule } from '../rule.js';
import { clip, elu, gelu, leakyRelu, relu, sigmoid, softplus, tanh } from './activations.js';
import { add, div, extremum, mul, pow, pRelu, sub, sum, where } from './arithmetic.js';
import { conv, convTranspose } from './convolutions.js';
import { gemm, matMul } from './linear.js';
import {
  batchNormalization,
  instanceNormalization,
  layerNormalization,
  logSoftmax,
  softmax,
} from './normalisations.js';
import { pad } from './pad.js';
import { averagePool, maxPool } from './pooling.js';
import { globalAveragePool, reduceExtremum, reduceMean, reduceSum } from './reductions.js';
import { resize } from './resize.js';
import { concat, expand, pick, reshape, split, transpose } from './shapes.js';
import { abs, cast, erf, exp, identity, log, neg, reciprocal, sqrt } from './unary.js';

/** How to differentiate each operator of ONNX's standard domain. */
export const RULES: ReadonlyMap<string, Rule> = new Map(
  Object.entries({
    Abs: abs,
    Add: add,
    AveragePool: averagePool,
    BatchNormalization: batchNormalization,
    Cast: cast,
    Clip: clip,
    Concat: concat,
    Conv: conv,
    ConvTranspose: convTranspose,
    Div: div,
    Dropout: identity,
    Elu: elu,
    Erf: erf,
    Exp: exp,
    Expand: expand,
    Flatten: reshape,
    Gather: pick,
    GatherElements: pick,
    Gelu: gelu,
    Gemm: gemm,
    GlobalAveragePool: globalAveragePool,
    Identity: identity,
    InstanceNormalization: instanceNormalization,
    LayerNormalization: layerNormalization,
    LeakyRelu: leakyRelu,
    Log: log,
    LogSoftmax: logSoftmax,
    MatMul: matMul,
    Max: extremum,
    MaxPool: maxPool,
    Min: extremum,
    Mul: mul,
    Neg: neg,
    Pad: pad,
    Pow: pow,
    PRelu: pRelu,
    Reciprocal: reciprocal,
    ReduceMax: reduceExtremum,
    ReduceMean: reduceMean,
    ReduceMin: reduceExtremum,
    ReduceSum: reduceSum,
    Relu: relu,
    Reshape: reshape,
    Resize: resize,
    Sigmoid: sigmoid,
    Slice: pick,
    Softmax: softmax,
    Softplus: softplus,
    Split: split,
    Sqrt: sqrt,
    Squeeze: reshape,
    Sub: sub,
    Sum: sum,
    Tanh: tanh,
    Transpose: transpose,
    Unsqueeze: reshape,
    Where: where,
  }),
);

/** Operators whose value does not change with a small change of their input: no derivative goes through. */
export const STEPS: ReadonlySet<string> = new Set([
  'And',
  'ArgMax',
  'ArgMin',
  'Ceil',
  'Constant',
  'ConstantOfShape',
  'Equal',
  'EyeLike',
  'Floor',
  'Greater',
  'GreaterOrEqual',
  'IsInf',
  'IsNaN',
  'Less',
  'LessOrEqual',
  'NonZero',
  'Not',
  'OneHot',
  'Or',
  'Range',
  'Round',
  'Shape',
  'Sign',
  'Size',
  'Xor',
]);
