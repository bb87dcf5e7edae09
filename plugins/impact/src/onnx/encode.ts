import type { Attribute, Dimension, Graph, Model, Node, Tensor, ValueInfo } from './model.js';
import { bytesField, concat, floatField, integerField, integersField, textField } from './wire.js';

/** The bytes of an `.onnx` file. */
export function encodeModel(model: Model): Uint8Array {
  return concat([
    integerField(1, model.irVersion),
    bytesField(7, encodeGraph(model.graph)),
    ...[...model.opsets].map(([domain, version]) =>
      bytesField(8, concat([textField(1, domain), integerField(2, version)])),
    ),
    ...[...model.metadata].map(([key, value]) =>
      bytesField(14, concat([textField(1, key), textField(2, value)])),
    ),
    model.rest,
  ]);
}

function encodeGraph(graph: Graph): Uint8Array {
  return concat([
    ...graph.nodes.map((node) => bytesField(1, encodeNode(node))),
    textField(2, graph.name),
    ...[...graph.initializers].map(([name, tensor]) => bytesField(5, encodeTensor(tensor, name))),
    ...graph.inputs.map((value) => bytesField(11, encodeValueInfo(value))),
    ...graph.outputs.map((value) => bytesField(12, encodeValueInfo(value))),
    graph.rest,
  ]);
}

function encodeNode(node: Node): Uint8Array {
  return concat([
    ...node.inputs.map((name) => textField(1, name)),
    ...node.outputs.map((name) => textField(2, name)),
    textField(3, node.name),
    textField(4, node.op),
    ...[...node.attributes].map(([name, value]) => bytesField(5, encodeAttribute(name, value))),
    ...(node.domain === '' ? [] : [textField(7, node.domain)]),
  ]);
}

/** The second field of each is AttributeProto.AttributeType. */
function encodeAttribute(name: string, attribute: Attribute): Uint8Array {
  const named = textField(1, name);
  switch (attribute.kind) {
    case 'float':
      return concat([named, floatField(2, attribute.value), integerField(20, 1)]);
    case 'int':
      return concat([named, integerField(3, attribute.value), integerField(20, 2)]);
    case 'text':
      return concat([named, textField(4, attribute.value), integerField(20, 3)]);
    case 'tensor':
      return concat([named, bytesField(5, encodeTensor(attribute.value, '')), integerField(20, 4)]);
    case 'floats':
      return concat([
        named,
        ...attribute.value.map((value) => floatField(7, value)),
        integerField(20, 6),
      ]);
    case 'ints':
      return concat([named, integersField(8, attribute.value), integerField(20, 7)]);
    case 'other':
      return attribute.value;
    default:
      return attribute satisfies never;
  }
}

function encodeTensor(tensor: Tensor, name: string): Uint8Array {
  return concat([
    integersField(1, tensor.dims),
    integerField(2, tensor.type),
    ...(name === '' ? [] : [textField(8, name)]),
    ...(tensor.data === undefined ? [] : [bytesField(9, tensor.data)]),
    tensor.rest,
  ]);
}

function encodeValueInfo({ name, type, shape }: ValueInfo): Uint8Array {
  const tensorType = concat([
    integerField(1, type),
    ...(shape === undefined ? [] : [bytesField(2, concat(shape.map(encodeDimension)))]),
  ]);
  return concat([textField(1, name), bytesField(2, bytesField(1, tensorType))]);
}

function encodeDimension(dimension: Dimension): Uint8Array {
  if (typeof dimension === 'number') return bytesField(1, integerField(1, dimension));
  return bytesField(1, dimension === '' ? new Uint8Array(0) : textField(2, dimension));
}
