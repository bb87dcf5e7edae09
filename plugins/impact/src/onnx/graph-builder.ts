import { type AttributeInput, attributesOf } from './attributes.js';
import type { Node, Tensor } from './model.js';
import { floatTensor, integerTensor } from './tensor.js';

type Attributes = Readonly<Record<string, AttributeInput>>;

/** First operator set in which the axes of a reduction are an input and no attribute. */
const REDUCE_AXES_INPUT: Readonly<Record<string, number>> = {
  ReduceSum: 13,
  ReduceMean: 18,
  ReduceMax: 18,
  ReduceMin: 18,
};

/** Collects nodes and constants under fresh names. Every method returns the name of the new value. */
export class GraphBuilder {
  readonly nodes: Node[] = [];
  readonly initializers = new Map<string, Tensor>();
  readonly opset: number;
  readonly #prefix: string;
  readonly #constants = new Map<string, string>();

  /** @param prefix - starts every name made here, so that none meets one of another graph */
  constructor(opset: number, prefix: string) {
    this.opset = opset;
    this.#prefix = prefix;
  }

  /** A node of one output. */
  op(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.ops(op, inputs, 1, attributes)[0] ?? '';
  }

  /** A node of several outputs. */
  ops(
    op: string,
    inputs: readonly string[],
    count: number,
    attributes: Attributes = {},
  ): readonly string[] {
    const name = this.#fresh();
    const outputs = count === 1 ? [name] : Array.from({ length: count }, (_, i) => `${name}_${i}`);
    this.nodes.push({
      op,
      domain: '',
      name,
      inputs,
      outputs,
      attributes: attributesOf(attributes),
    });
    return outputs;
  }

  floats(dims: readonly number[], values: ArrayLike<number>): string {
    return this.#constant(floatTensor(dims, values));
  }

  scalar(value: number): string {
    return this.floats([], [value]);
  }

  /** A vector of int64. */
  integers(values: readonly number[]): string {
    return this.#constant(integerTensor([values.length], values));
  }

  integer(value: number): string {
    return this.#constant(integerTensor([], [value]));
  }

  /** A reduction over axes that are known; keeps them with length 1 unless told otherwise. */
  reduce(op: string, input: string, axes: readonly number[], keep = true): string {
    const keepdims = keep ? 1 : 0;
    if (this.opset < (REDUCE_AXES_INPUT[op] ?? 0)) return this.op(op, [input], { axes, keepdims });
    return this.op(op, [input, this.integers(axes)], { keepdims });
  }

  /** Sum over axes that are an int64 vector of the graph; over none it is the input. */
  sumOver(input: string, axes: string, keep: boolean): string {
    const attributes = { keepdims: keep ? 1 : 0, noop_with_empty_axes: 1 };
    return this.op('ReduceSum', [input, axes], attributes);
  }

  shape(input: string): string {
    return this.op('Shape', [input]);
  }

  /** Zeros of a shape that is an int64 vector of the graph. */
  zeros(shape: string): string {
    return this.op('ConstantOfShape', [shape]);
  }

  /** 1 where the condition holds, else 0. */
  indicator(condition: string): string {
    return this.op('Cast', [condition], { to: 1 });
  }

  /** The elements `from .. to` (exclusive) of an int64 vector. */
  part(vector: string, from: number, to: number): string {
    return this.op('Slice', [vector, this.integers([from]), this.integers([to])]);
  }

  #constant(tensor: Tensor): string {
    const key = `${tensor.type}:${tensor.dims}:${Buffer.from(tensor.data ?? []).toString('base64')}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.#fresh();
    this.initializers.set(name, tensor);
    this.#constants.set(key, name);
    return name;
  }

  #fresh(): string {
    return `${this.#prefix}${this.nodes.length + this.initializers.size}`;
  }
}
