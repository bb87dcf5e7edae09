import type { Json } from '@voxhost/sdk';

/** Gives the value of a reference such as `@train#pixdim`, or undefined. */
export type Reference = (name: string) => Json | undefined;

/**
 * The value of a `$` expression of a bundle, where it is made of literals, references, `not`, `+` of lists,
 * texts or numbers, and `a if b else c`; undefined for any other Python, which nothing here runs.
 */
export function evaluateExpression(text: string, reference: Reference): Json | undefined {
  const tokens = tokenise(text);
  if (tokens === undefined) return undefined;
  const parser = { tokens, at: 0, reference };
  const value = conditional(parser);
  return parser.at === tokens.length ? value : undefined;
}

interface Parser {
  readonly tokens: readonly string[];
  at: number;
  readonly reference: Reference;
}

const TOKEN =
  /\s*(@[\w#:.]+|-?\d+\.?\d*(?:[eE][-+]?\d+)?|'[^'\\]*'|"[^"\\]*"|[A-Za-z_]\w*|[[\](),+])/y;

function tokenise(text: string): readonly string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const found = TOKEN.exec(text);
    if (found === null) return undefined;
    tokens.push(found[1]);
  }
  return tokens;
}

const take = (parser: Parser, token: string): boolean => {
  if (parser.tokens[parser.at] !== token) return false;
  parser.at++;
  return true;
};

function conditional(parser: Parser): Json | undefined {
  const value = sum(parser);
  if (!take(parser, 'if')) return value;
  const condition = sum(parser);
  if (!take(parser, 'else')) return undefined;
  const other = conditional(parser);
  if (condition === undefined) return undefined;
  return isTrue(condition) ? value : other;
}

function sum(parser: Parser): Json | undefined {
  let value = unary(parser);
  while (take(parser, '+')) value = add(value, unary(parser));
  return value;
}

function add(a: Json | undefined, b: Json | undefined): Json | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  return Array.isArray(a) && Array.isArray(b) ? [...a, ...b] : undefined;
}

function unary(parser: Parser): Json | undefined {
  if (!take(parser, 'not')) return primary(parser);
  const value = unary(parser);
  return value === undefined ? undefined : !isTrue(value);
}

const CONSTANTS: { readonly [name: string]: Json } = { True: true, False: false, None: null };

function primary(parser: Parser): Json | undefined {
  if (take(parser, '[')) return items(parser, ']');
  if (take(parser, '(')) return parenthesised(parser);
  const token = parser.tokens[parser.at++];
  if (token === undefined) return undefined;
  if (token.startsWith('@')) return parser.reference(token);
  if (/^['"]/.test(token)) return token.slice(1, -1);
  if (Object.hasOwn(CONSTANTS, token)) return CONSTANTS[token];
  return /^-?\d/.test(token) ? Number(token) : undefined;
}

/** A value in brackets, or a tuple. */
function parenthesised(parser: Parser): Json | undefined {
  const start = parser.at;
  const value = conditional(parser);
  if (take(parser, ')')) return value;
  parser.at = start;
  return items(parser, ')');
}

function items(parser: Parser, end: string): Json | undefined {
  const list: Json[] = [];
  while (!take(parser, end)) {
    const value = conditional(parser);
    if (value === undefined) return undefined;
    list.push(value);
    if (!take(parser, ',') && parser.tokens[parser.at] !== end) return undefined;
  }
  return list;
}

/** Python's truth. */
const isTrue = (value: Json): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));
