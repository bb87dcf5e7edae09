import { badArgument } from '../bad-argument.js';
import type { Attribute, Dimension, Graph, Model, Node, Tensor, ValueInfo } from './model.js';
import { ELEMENT_BYTES } from './tensor.js';
import { bytesOf, concat, type Field, integersOf, readFields, textOf, WireError } from './wire.js';

/**
 * Reads a model. Weights in separate files are not followed.
 *
 * @param source - where the bytes are from, for the message
 * @throws `BAD_ARGUMENT` for anything that is no ONNX model
 */
export function decodeModel(bytes: Uint8Array, source: string): Model {
  try {
    return readModel(bytes);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const reason = `"${source}" is no ONNX model: ${error.message}; export the network to ONNX`;
    throw badArgument('model', reason, error);
  }
}

/** What each field of a message does; the rest is kept as it came. */
type Readers = { readonly [number: number]: (field: Field) => void };

function read(bytes: Uint8Array, readers: Readers): Uint8Array {
  const rest: Uint8Array[] = [];
  for (const field of readFields(bytes)) {
    const reader = readers[field.number];
    if (reader === undefined) rest.push(field.raw);
    else reader(field);
  }
  return concat(rest);
}

const integer = (field: Field): number => integersOf(field)[0] ?? 0;

function readModel(bytes: Uint8Array): Model {
  let irVersion = 0;
  const found: { graph?: Graph } = {};
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  const rest = read(bytes, {
    1: (f) => {
      irVersion = integer(f);
    },
    7: (f) => {
      found.graph = readGraph(bytesOf(f));
    },
    8: (f) => {
      const { text, number } = readPair(bytesOf(f));
      opsets.set(text === 'ai.onnx' ? '' : text, number);
    },
    14: (f) => {
      const { text, second } = readPair(bytesOf(f));
      metadata.set(text, second);
    },
  });
  const { graph } = found;
  if (graph === undefined) throw new WireError('it has no graph');
  if (irVersion === 0 || opsets.size === 0) throw new WireError('it names no operator set');
  return { irVersion, opsets, graph, metadata, rest };
}

/** OperatorSetIdProto (domain, version) and StringStringEntryProto (key, value). */
function readPair(bytes: Uint8Array): { text: string; number: number; second: string } {
  let text = '';
  let number = 0;
  let second = '';
  read(bytes, {
    1: (f) => {
      text = textOf(f);
    },
    2: (f) => {
      if (f.wire === 0) number = integer(f);
      else second = textOf(f);
    },
  });
  return { text, number, second };
}

function readGraph(bytes: Uint8Array): Graph {
  let name = '';
  const nodes: Node[] = [];
  const initializers = new Map<string, Tensor>();
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const rest = read(bytes, {
    1: (f) => nodes.push(readNode(bytesOf(f))),
    2: (f) => {
      name = textOf(f);
    },
    5: (f) => {
      const named = readTensor(bytesOf(f));
      initializers.set(named.name, named.tensor);
    },
    11: (f) => inputs.push(readValueInfo(bytesOf(f))),
    12: (f) => outputs.push(readValueInfo(bytesOf(f))),
  });
  const free = inputs.filter((input) => !initializers.has(input.name));
  return { name, nodes, initializers, inputs: free, outputs, rest };
}

function readNode(bytes: Uint8Array): Node {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  let name = '';
  let op = '';
  let domain = '';
  read(bytes, {
    1: (f) => inputs.push(textOf(f)),
    2: (f) => outputs.push(textOf(f)),
    3: (f) => {
      name = textOf(f);
    },
    4: (f) => {
      op = textOf(f);
    },
    5: (f) => {
      const named = readAttribute(bytesOf(f));
      attributes.set(named.name, named.attribute);
    },
    7: (f) => {
      domain = textOf(f);
    },
  });
  return { op, domain: domain === 'ai.onnx' ? '' : domain, name, inputs, outputs, attributes };
}

/** AttributeProto.AttributeType, those with a form of their own here. */
const ATTRIBUTE_KINDS = ['', 'float', 'int', 'text', 'tensor', '', 'floats', 'ints'] as const;

function readAttribute(bytes: Uint8Array): { name: string; attribute: Attribute } {
  let name = '';
  let type = 0;
  let float = 0;
  let int = 0;
  let text = '';
  const found: { tensor?: Tensor } = {};
  const floats: number[] = [];
  const ints: number[] = [];
  read(bytes, {
    1: (f) => {
      name = textOf(f);
    },
    2: (f) => {
      float = readFloats(f)[0] ?? 0;
    },
    3: (f) => {
      int = integer(f);
    },
    4: (f) => {
      text = new TextDecoder().decode(bytesOf(f));
    },
    5: (f) => {
      found.tensor = readTensor(bytesOf(f)).tensor;
    },
    7: (f) => floats.push(...readFloats(f)),
    8: (f) => ints.push(...integersOf(f)),
    20: (f) => {
      type = integer(f);
    },
  });
  const kind = ATTRIBUTE_KINDS[type] ?? '';
  if (kind === 'float') return { name, attribute: { kind, value: float } };
  if (kind === 'int') return { name, attribute: { kind, value: int } };
  if (kind === 'text') return { name, attribute: { kind, value: text } };
  if (kind === 'floats') return { name, attribute: { kind, value: floats } };
  if (kind === 'ints') return { name, attribute: { kind, value: ints } };
  if (kind === 'tensor' && found.tensor !== undefined) {
    return { name, attribute: { kind, value: found.tensor } };
  }
  return { name, attribute: { kind: 'other', value: bytes.slice() } };
}

/** float32 values of a field, packed or one by one. */
function readFloats(field: Field): number[] {
  if (field.wire === 0) throw new WireError(`field ${field.number} has wire type 0`);
  const { buffer, byteOffset, byteLength } = field.value;
  const view = new DataView(buffer, byteOffset, byteLength);
  return Array.from({ length: byteLength / 4 }, (_, i) => view.getFloat32(i * 4, true));
}

/** TensorProto; values in typed fields become plain bytes. */
function readTensor(bytes: Uint8Array): { name: string; tensor: Tensor } {
  let name = '';
  let type = 0;
  const found: { raw?: Uint8Array } = {};
  const dims: number[] = [];
  const floats: Uint8Array[] = [];
  const integers: number[] = [];
  const rest = read(bytes, {
    1: (f) => dims.push(...integersOf(f)),
    2: (f) => {
      type = integer(f);
    },
    4: (f) => floats.push(fixedBytes(f)),
    5: (f) => integers.push(...integersOf(f)),
    7: (f) => integers.push(...integersOf(f)),
    8: (f) => {
      name = textOf(f);
    },
    9: (f) => {
      found.raw = bytesOf(f);
    },
    10: (f) => floats.push(fixedBytes(f)),
    11: (f) => integers.push(...integersOf(f)),
    13: () => {
      throw new WireError(
        `tensor "${name}" keeps its values in another file; save the model as one`,
      );
    },
  });
  const width = ELEMENT_BYTES.get(type);
  if (width === undefined) return { name, tensor: { type, dims, data: undefined, rest } };
  const data = found.raw ?? (integers.length > 0 ? integerBytes(integers, width) : concat(floats));
  const count = dims.reduce((n, d) => n * d, 1);
  if (data.length !== count * width) {
    throw new WireError(
      `tensor "${name}" has ${data.length} bytes where [${dims}] needs ${count * width}`,
    );
  }
  return { name, tensor: { type, dims, data, rest } };
}

function fixedBytes(field: Field): Uint8Array {
  if (field.wire === 0) throw new WireError(`field ${field.number} has wire type 0`);
  return field.value;
}

function integerBytes(values: readonly number[], width: number): Uint8Array {
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) {
    if (width === 8) view.setBigInt64(i * 8, BigInt.asIntN(64, BigInt(value)), true);
    else if (width === 4) view.setInt32(i * 4, value, true);
    else if (width === 2) view.setInt16(i * 2, value, true);
    else view.setInt8(i, value);
  }
  return bytes;
}

function readValueInfo(bytes: Uint8Array): ValueInfo {
  let name = '';
  let type = 0;
  const found: { shape?: readonly Dimension[] } = {};
  read(bytes, {
    1: (f) => {
      name = textOf(f);
    },
    2: (f) =>
      read(bytesOf(f), {
        1: (tensorType) => {
          read(bytesOf(tensorType), {
            1: (e) => {
              type = integer(e);
            },
            2: (s) => {
              found.shape = readShape(bytesOf(s));
            },
          });
        },
      }),
  });
  return { name, type, shape: found.shape };
}

function readShape(bytes: Uint8Array): Dimension[] {
  const dims: Dimension[] = [];
  read(bytes, {
    1: (f) => {
      let dim: Dimension = '';
      read(bytesOf(f), {
        1: (value) => {
          dim = integer(value);
        },
        2: (parameter) => {
          dim = textOf(parameter);
        },
      });
      dims.push(dim);
    },
  });
  return dims;
}
