import { isFaithful, isPrototypeKey } from './json-rules.js';

/** What is wrong with a JSON text, and where; line and column count from 1, columns in UTF-16 units. */
export interface JsonFault {
  readonly kind:
    | 'size'
    | 'encoding'
    | 'depth'
    | 'syntax'
    | 'duplicate-key'
    | 'prototype-key'
    | 'number';
  readonly reason: string;
  readonly line: number;
  readonly column: number;
}

export interface JsonWalk {
  /** The first fault, or undefined for a text that is read as it was meant. */
  readonly fault?: JsonFault;
  /** Offset of each value, by `pathKey`. */
  readonly offsets: ReadonlyMap<string, number>;
}

type Step = string | number;

const SEPARATOR = '\0';

/** One text for a path into a document, which is one member of a list or of an object at every step. */
export const pathKey = (path: readonly Step[]): string =>
  path.map((step) => SEPARATOR + step).join('');

/** Reads JSON slowly and strictly (RFC 8259), to say where things are. Ends at the first fault. */
export function walkJson(text: string, maxDepth: number): JsonWalk {
  const reader = new Reader(text, maxDepth);
  try {
    reader.document();
  } catch (thrown) {
    if (!(thrown instanceof Stop)) throw thrown;
    return {
      fault: { ...thrown.fault, ...lineAndColumn(text, thrown.at) },
      offsets: reader.offsets,
    };
  }
  return { offsets: reader.offsets };
}

/** Line and column of an offset, both from 1. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let i = before.indexOf('\n'); i !== -1; i = before.indexOf('\n', i + 1)) line++;
  return { line, column: offset - start + 1 };
}

class Stop extends Error {
  readonly fault: { readonly kind: JsonFault['kind']; readonly reason: string };
  readonly at: number;
  constructor(kind: JsonFault['kind'], reason: string, at: number) {
    super(reason);
    this.fault = { kind, reason };
    this.at = at;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 refuses control characters in strings
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\r\n]*/y;

class Reader {
  readonly offsets = new Map<string, number>();
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  document(): void {
    this.#value('', 0);
    this.#take(SPACE);
    if (this.#at < this.#text.length) this.#stop('syntax', 'has something after its end');
  }

  #value(path: string, depth: number): void {
    this.#take(SPACE);
    this.offsets.set(path, this.#at);
    const next = this.#text[this.#at];
    if (next === '{' || next === '[') {
      if (depth === this.#maxDepth) this.#stop('depth', `nests deeper than ${this.#maxDepth}`);
      this.#at++;
      if (next === '{') this.#members(path, depth + 1);
      else this.#items(path, depth + 1);
    } else if (next === '"') this.#string();
    else this.#literal();
  }

  #members(path: string, depth: number): void {
    const keys = new Set<string>();
    if (this.#skip('}')) return;
    do {
      this.#take(SPACE);
      const start = this.#at;
      if (this.#text[start] !== '"') this.#stop('syntax', 'lacks a key in double quotes');
      const key = this.#string();
      if (keys.has(key))
        this.#stop('duplicate-key', `has the key ${JSON.stringify(key)} twice`, start);
      if (isPrototypeKey(key)) this.#stop('prototype-key', `has the key "${key}"`, start);
      keys.add(key);
      if (!this.#skip(':')) this.#stop('syntax', 'lacks a colon after a key');
      this.#value(path + SEPARATOR + key, depth);
    } while (this.#skip(','));
    if (!this.#skip('}')) this.#stop('syntax', 'lacks a comma or a closing brace');
  }

  #items(path: string, depth: number): void {
    if (this.#skip(']')) return;
    let index = 0;
    do {
      this.#value(path + SEPARATOR + index, depth);
      index++;
    } while (this.#skip(','));
    if (!this.#skip(']')) this.#stop('syntax', 'lacks a comma or a closing bracket');
  }

  #string(): string {
    const start = this.#at;
    const found = this.#take(STRING);
    if (found === '')
      this.#stop('syntax', 'has a string that does not end or holds what it may not', start);
    return JSON.parse(found) as string;
  }

  #literal(): void {
    for (const literal of ['true', 'false', 'null']) {
      if (!this.#text.startsWith(literal, this.#at)) continue;
      this.#at += literal.length;
      return;
    }
    const start = this.#at;
    const number = this.#take(NUMBER);
    if (number === '') this.#stop('syntax', this.#unexpected(), start);
    if (!isFaithful(Number(number)))
      this.#stop(
        'number',
        `has the number ${number.slice(0, 40)}, which cannot be held exactly`,
        start,
      );
  }

  #unexpected(): string {
    const found = this.#text.codePointAt(this.#at);
    return found === undefined
      ? 'ends too early'
      : `has ${JSON.stringify(String.fromCodePoint(found))} where a value should be`;
  }

  /** The match at the cursor, which moves past it; empty where there is none. */
  #take(expression: RegExp): string {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #skip(character: string): boolean {
    this.#take(SPACE);
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #stop(kind: JsonFault['kind'], reason: string, at = this.#at): never {
    throw new Stop(kind, reason, at);
  }
}
