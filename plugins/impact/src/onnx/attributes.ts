import type { Attribute, Node, Tensor } from './model.js';

/** Attributes of a node by name and type; the fallback is ONNX's default. */
export function intOf(node: Node, name: string, fallback: number): number {
  const found = node.attributes.get(name);
  return found?.kind === 'int' ? found.value : fallback;
}

export function intsOf(node: Node, name: string): readonly number[] | undefined {
  const found = node.attributes.get(name);
  return found?.kind === 'ints' ? found.value : undefined;
}

export function floatOf(node: Node, name: string, fallback: number): number {
  const found = node.attributes.get(name);
  return found?.kind === 'float' ? found.value : fallback;
}

export function textAttribute(node: Node, name: string, fallback: string): string {
  const found = node.attributes.get(name);
  return found?.kind === 'text' ? found.value : fallback;
}

export function tensorOf(node: Node, name: string): Tensor | undefined {
  const found = node.attributes.get(name);
  return found?.kind === 'tensor' ? found.value : undefined;
}

/** What a node's attribute may be written as: whole numbers are ints, `float(x)` is a float. */
export type AttributeInput = number | readonly number[] | string | Attribute;

/** A float attribute: a whole number would otherwise be taken for an int. */
export const float = (value: number): Attribute => ({ kind: 'float', value });

export function attributesOf(
  input: Readonly<Record<string, AttributeInput>>,
): ReadonlyMap<string, Attribute> {
  return new Map(Object.entries(input).map(([name, value]) => [name, attributeOf(value)]));
}

function attributeOf(input: AttributeInput): Attribute {
  if (typeof input === 'number') return { kind: 'int', value: input };
  if (typeof input === 'string') return { kind: 'text', value: input };
  return 'kind' in input ? input : { kind: 'ints', value: input };
}
