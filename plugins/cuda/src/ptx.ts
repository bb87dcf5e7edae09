/** A parameter of an entry, in bytes. */
export interface PtxParameter {
  readonly align: number;
  readonly size: number;
}

/** What the plugin reads of its own PTX. */
export interface Ptx {
  /** `.version`, as `6.3`: it decides which drivers can load the text. */
  readonly version: string;
  readonly entries: ReadonlyMap<string, readonly PtxParameter[]>;
}

const SCALAR_BYTES = /^\.[a-z](\d+)$/;
const ENTRY = /\.visible \.entry (\w+)\(([^)]*)\)/g;
/** `.param .align 8 .b8 name[48]` or `.param .u64 name` (PTX ISA, kernel function parameters). */
const PARAMETER = /\.param\s+(?:\.align\s+(\d+)\s+)?(\.\w+)\s+\w+(?:\[(\d+)\])?/g;

/** Throws for a text that is no PTX. */
export function parsePtx(text: string): Ptx {
  const version = /^\.version\s+(\d+\.\d+)/m.exec(text)?.[1];
  if (version === undefined) throw new Error('the kernels are no PTX: a .version is missing');
  const entries = new Map<string, readonly PtxParameter[]>();
  for (const [, name = '', list = ''] of text.matchAll(ENTRY)) {
    entries.set(
      name,
      [...list.matchAll(PARAMETER)].map(([, align, type = '', count]) => {
        const bytes = Number(SCALAR_BYTES.exec(type)?.[1] ?? 0) / 8;
        return { align: Number(align ?? bytes), size: bytes * Number(count ?? 1) };
      }),
    );
  }
  return { version, entries };
}
