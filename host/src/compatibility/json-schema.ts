import type { Json } from '@voxhost/sdk';
import type { RecordShape, Shape } from './shape.js';

/** The JSON schema (2020-12) of a shape; closed, but for fields that start with `x-`. */
export function toJsonSchema(shape: Shape): Json {
  switch (shape.kind) {
    case 'string':
      return {
        type: 'string',
        maxLength: shape.max,
        ...(shape.pattern === undefined ? {} : { pattern: shape.pattern }),
      };
    case 'word':
      return { enum: shape.words };
    case 'integer':
      return { type: 'integer', minimum: shape.min, maximum: shape.max };
    case 'number':
      return { type: 'number', minimum: shape.min };
    case 'boolean':
      return { type: 'boolean' };
    case 'list':
      return {
        type: 'array',
        minItems: shape.min,
        maxItems: shape.max,
        items: toJsonSchema(shape.of),
      };
    case 'axis':
      return { anyOf: [{ const: '*' }, toJsonSchema(shape.members)] };
    case 'record':
      return recordSchema(shape);
    case 'variants':
      return {
        type: 'object',
        required: [shape.by],
        oneOf: Object.entries(shape.cases).map(([name, fields]) =>
          recordSchema(fields, { [shape.by]: { const: name } }),
        ),
      };
    default:
      return shape satisfies never;
  }
}

function recordSchema(shape: RecordShape, fixed: Readonly<Record<string, Json>> = {}): Json {
  const fields = Object.entries(shape.fields);
  const properties = fields.map(([name, field]) => [
    name,
    {
      description: field.rule,
      ...(toJsonSchema(field.shape) as object),
      ...(fixed[name] as object | undefined),
    },
  ]);
  return {
    type: 'object',
    required: fields.filter(([, field]) => field.required).map(([name]) => name),
    properties: Object.fromEntries(properties),
    patternProperties: { '^x-': {} },
    additionalProperties: false,
  };
}
