import type { Rule } from '../rule.js';
import { abs } from './abs.js';
import { add } from './add.js';
import { averagePool } from './average-pool.js';
import { batchNormalization } from './batch-normalization.js';
import { cast } from './cast.js';
import { clip } from './clip.js';
import { concat } from './concat.js';
import { conv } from './conv.js';
import { convTranspose } from './conv-transpose.js';
import { div } from './div.js';
import { elu } from './elu.js';
import { erf } from './erf.js';
import { exp } from './exp.js';
import { expand } from './expand.js';
import { extremum } from './extremum.js';
import { gelu } from './gelu.js';
import { gemm } from './gemm.js';
import { globalAveragePool } from './global-average-pool.js';
import { hardSigmoid } from './hard-sigmoid.js';
import { hardSwish } from './hard-swish.js';
import { identity } from './identity.js';
import { instanceNormalization } from './instance-normalization.js';
import { layerNormalization } from './layer-normalization.js';
import { leakyRelu } from './leaky-relu.js';
import { log } from './log.js';
import { logSoftmax } from './log-softmax.js';
import { matMul } from './mat-mul.js';
import { maxPool } from './max-pool.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { pRelu } from './p-relu.js';
import { pad } from './pad.js';
import { pick } from './pick.js';
import { pow } from './pow.js';
import { reciprocal } from './reciprocal.js';
import { reduceExtremum } from './reduce-extremum.js';
import { reduceMean } from './reduce-mean.js';
import { reduceSum } from './reduce-sum.js';
import { relu } from './relu.js';
import { reshape } from './reshape.js';
import { resize } from './resize.js';
import { sigmoid } from './sigmoid.js';
import { softmax } from './softmax.js';
import { softplus } from './softplus.js';
import { split } from './split.js';
import { sqrt } from './sqrt.js';
import { sub } from './sub.js';
import { sum } from './sum.js';
import { tanh } from './tanh.js';
import { transpose } from './transpose.js';
import { where } from './where.js';

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
    HardSigmoid: hardSigmoid,
    HardSwish: hardSwish,
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
