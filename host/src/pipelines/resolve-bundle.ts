import type { Json } from '@voxhost/sdk';
import { evaluateExpression } from './bundle-expression.js';
import { fail, isRecord, type JsonRecord } from './parse-record.js';

/** References that lead through each other; more is a circle. */
const DEEPEST = 50;

/**
 * A part of a bundle's configuration with its references (`@name`, `%name`, parts by `#` or `::`) and simple
 * `$` expressions put in. An expression that is not understood stays as it is written, so that it is
 * refused only where something needs it. Throws `USAGE` for a circle or a reference to nothing.
 */
export function resolveBundle(json: Json, root: JsonRecord, depth = 0): Json {
  if (depth > DEEPEST) throw fail('', 'references lead in a circle');
  const inside = (one: Json): Json => resolveBundle(one, root, depth + 1);
  if (typeof json === 'string') return resolveText(json, root, inside);
  if (Array.isArray(json)) return json.map(inside);
  if (!isRecord(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, inside(value)]));
}

function resolveText(text: string, root: JsonRecord, inside: (json: Json) => Json): Json {
  if (/^[@%]/.test(text)) {
    const found = lookUp(root, text);
    if (found === undefined) throw fail('', `"${text}" refers to nothing in this file`);
    return inside(found);
  }
  if (!text.startsWith('$')) return text;
  const value = evaluateExpression(text.slice(1), (name) => {
    const found = lookUp(root, name);
    return found === undefined ? undefined : inside(found);
  });
  return value === undefined ? text : value;
}

function lookUp(root: JsonRecord, reference: string): Json | undefined {
  let at: Json | undefined = root;
  for (const part of reference.slice(1).split(/#|::/)) {
    if (Array.isArray(at)) at = at[Number(part)];
    else at = isRecord(at) && Object.hasOwn(at, part) ? at[part] : undefined;
  }
  return at;
}
