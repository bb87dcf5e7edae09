import { badArgument } from '../bad-argument.js';

/** An elastix parameter file: `(Name value "text" ...)` per line, `//` begins a comment. */
export type ParameterMap = ReadonlyMap<string, readonly string[]>;

const ENTRY = /^\(\s*([A-Za-z]\w*)((?:\s+(?:"[^"]*"|[^\s"()]+))+)\s*\)$/;

/** Throws `BAD_ARGUMENT` naming the line that is none of the format. */
export function parseParameterMap(text: string, source: string): ParameterMap {
  const map = new Map<string, readonly string[]>();
  for (const [n, line] of text.split(/\r?\n/).entries()) {
    const content = withoutComment(line).trim();
    if (content === '') continue;
    const [, name, values] = ENTRY.exec(content) ?? [];
    if (name === undefined || values === undefined) {
      throw badArgument('options.parameterMap', `"${source}" line ${n + 1} is no (Name value ...)`);
    }
    if (map.has(name)) {
      throw badArgument('options.parameterMap', `"${source}" line ${n + 1} gives ${name} again`);
    }
    const items = values.match(/"[^"]*"|[^\s"]+/g) ?? [];
    map.set(
      name,
      items.map((item) => item.replace(/^"|"$/g, '')),
    );
  }
  return map;
}

/** A comment begins at `//` outside quotes. */
function withoutComment(line: string): string {
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '"') quoted = !quoted;
    if (!quoted && line.startsWith('//', i)) return line.slice(0, i);
  }
  return line;
}
