import type { Json } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';

/** Reads fields of an options object, and complains by path about what is wrong or left over. */
export class OptionReader {
  readonly #path: string;
  readonly #fields: { readonly [name: string]: Json };
  readonly #read = new Set<string>();

  constructor(path: string, value: Json) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      throw badArgument(path, `is ${JSON.stringify(value)}, not an object`);
    }
    this.#path = path;
    this.#fields = value as { readonly [name: string]: Json };
  }

  path(name: string): string {
    return `${this.#path}.${name}`;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  value(name: string): Json | undefined {
    this.#read.add(name);
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'string') return value;
    throw this.wrong(name, 'text');
  }

  /** One of some words. */
  word<W extends string>(name: string, words: readonly W[]): W | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const found = words.find((word) => word === value);
    if (found === undefined) throw this.wrong(name, `one of ${words.join(', ')}`);
    return found;
  }

  truth(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    throw this.wrong(name, 'true or false');
  }

  number(name: string): number | undefined {
    const values = this.numbers(name);
    if (values === undefined || values.length === 1) return values?.[0];
    throw this.wrong(name, 'one number');
  }

  whole(name: string, least: number): number | undefined {
    const value = this.number(name);
    if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return value;
    throw this.wrong(name, `a whole number of at least ${least}`);
  }

  /** Numbers, or text such as `5,5,5`. */
  numbers(name: string): readonly number[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const items = typeof value === 'string' ? value.split(/[\s,]+/) : [value].flat();
    const numbers = items.map((item) =>
      typeof item === 'string' && item !== '' ? Number(item) : item,
    );
    if (numbers.every((n): n is number => typeof n === 'number' && Number.isFinite(n))) {
      return numbers;
    }
    throw this.wrong(name, 'numbers');
  }

  list(name: string): readonly Json[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    return Array.isArray(value) ? value : [value];
  }

  wrong(name: string, wanted: string): Error {
    const value = JSON.stringify(this.#fields[name]);
    return badArgument(this.path(name), `is ${value}, not ${wanted}`);
  }

  /** Throws for a field that nobody asked for. */
  finish(): void {
    const unknown = Object.keys(this.#fields).find((name) => !this.#read.has(name));
    if (unknown === undefined) return;
    const known = [...this.#read].sort().join(', ');
    throw badArgument(this.path(unknown), `is no option; there are ${known}`);
  }
}
