import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

const MAX_LINE = 2000;
const MAX_LINES = 1000;
const TAIL_LINES = 12;
/** A line of V8's native stack trace, of which there are more than of what led to it: "12: 0x10c69a6 v8::...". */
const STACK = /^\s*\d+: 0x[0-9a-f]+ /;

/** What a plugin prints, line by line; drained whatever its amount, and cut where it is absurd. */
export class OutputLines {
  readonly #onLine: (line: string) => void;
  readonly #tail: string[] = [];
  readonly #decoder = new StringDecoder('utf8');
  #open = '';
  #lines = 0;

  constructor(stream: Readable, onLine: (line: string) => void) {
    this.#onLine = onLine;
    stream.on('data', (bytes: Buffer) => this.#add(this.#decoder.write(bytes)));
    stream.on('end', () => this.#line(this.#open));
    stream.on('error', () => undefined); // the process's end says what happened
  }

  /** The last lines: the evidence of a death. */
  tail(): string {
    return [...this.#tail, this.#open].filter((line) => line !== '').join('\n');
  }

  #add(text: string): void {
    const lines = (this.#open + text).split('\n');
    this.#open = (lines.pop() ?? '').slice(0, MAX_LINE);
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    const text = line.slice(0, MAX_LINE).trimEnd();
    if (text === '') return;
    if (!STACK.test(text)) this.#tail.push(text);
    if (this.#tail.length > TAIL_LINES) this.#tail.shift();
    this.#lines += 1;
    if (this.#lines < MAX_LINES) this.#onLine(text);
    if (this.#lines === MAX_LINES) this.#onLine('... (it prints too much; the rest is dropped)');
  }
}
