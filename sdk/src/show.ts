/** Characters of a foreign value that a message has room for. */
const SHOWN = 60;

/** Members of a list that a message shows. */
const MEMBERS = 8;

/** A value as a message shows it, whatever it is: short, and without a call of anything that belongs to it. */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > SHOWN
        ? `${JSON.stringify(value.slice(0, SHOWN))}...`
        : JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : showObject(value);
    case 'function':
      return 'a function';
    case 'bigint':
      return `${cut(String(value))}n`;
    default:
      return cut(String(value));
  }
}

function showObject(value: object): string {
  if (Array.isArray(value)) return showList(value);
  if (!ArrayBuffer.isView(value)) return 'an object';
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  return `a ${kind} of ${value.byteLength} bytes`;
}

function showList(list: readonly unknown[]): string {
  const shown = Array.from({ length: Math.min(list.length, MEMBERS) }, (_, i) =>
    Array.isArray(list[i]) ? `a list of ${(list[i] as readonly unknown[]).length}` : show(list[i]),
  );
  return `[${shown.join(', ')}${list.length > MEMBERS ? `, ... of ${list.length}` : ''}]`;
}

const cut = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text);
