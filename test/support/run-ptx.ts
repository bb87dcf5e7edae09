import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Driver, loadDriver } from '#cuda/driver.js';
import type { Koffi } from '#cuda/koffi.js';
import { fakeDriver, fakeSettings, koffiModule, openFakeDriver } from './fake-driver.js';

type Size = readonly [x: number, y: number, z: number];

/** One launch of the kernel `k`, whose parameters are the addresses of buffers, each a `.u64`. */
export interface PtxRun {
  readonly text: string;
  /** Bytes that are there before, or how many nobody has written. */
  readonly buffers: readonly (Uint8Array | number)[];
  /** Blocks; default 1. */
  readonly grid?: Size;
  /** Threads of a block; default 1. */
  readonly block?: Size;
  /** See the machine's Order; default 0, forwards. */
  readonly order?: number;
}

/** A kernel `k` of so many buffers, whose addresses are in %b0, %b1, …; the body declares what else it needs. */
export function kernelText(buffers: number, body: string, before = ''): string {
  const each = (text: (n: number) => string, by: string): string =>
    Array.from({ length: buffers }, (_, n) => text(n)).join(by);
  return `.version 6.3
.target sm_75
.address_size 64
${before}
.visible .entry k(
${each((n) => `\t.param .u64 k_param_${n}`, ',\n')}
)
{
	.reg .b64 %b<${buffers + 1}>;
${each((n) => `\tld.param.u64 %b${n}, [k_param_${n}];`, '\n')}
${body}
	ret;
}`;
}

/** The buffers as the kernel left them; throws an Error of the machine's complaint. */
export function runPtx(run: PtxRun): readonly Uint8Array[] {
  using _told = fakeSettings({ PTX: 1, QUIET: 1, ORDER: run.order ?? 0 });
  const koffi = createRequire(import.meta.url)(fileURLToPath(koffiModule() ?? '')) as Koffi;
  const driver = loadDriver(koffi, fakeDriver());
  const fake = openFakeDriver();
  fake.reset();
  try {
    return launch(driver, run);
  } catch (error) {
    throw new Error(fake.complaint(), { cause: error });
  } finally {
    fake.reset();
  }
}

function launch(driver: Driver, { text, buffers, grid, block }: PtxRun): readonly Uint8Array[] {
  driver.init();
  driver.enter(0);
  const stream = driver.createStream();
  const kernel = driver.kernel(driver.loadModule(new TextEncoder().encode(text)), 'k');
  const wait = (): void => {
    while (!driver.isDone(stream));
  };
  const held = buffers.map((buffer) => {
    const bytes = typeof buffer === 'number' ? buffer : buffer.length;
    return { address: driver.allocate(bytes), pinned: driver.allocatePinned(bytes), buffer };
  });
  for (const { address, pinned, buffer } of held) {
    if (typeof buffer === 'number') continue;
    pinned.bytes.set(buffer);
    driver.toDevice(address, pinned, buffer.length, stream);
  }
  const parameters = new Uint8Array(BigUint64Array.from(held, ({ address }) => address).buffer);
  const one: Size = [1, 1, 1];
  driver.launch(kernel, { grid: grid ?? one, block: block ?? one, parameters }, stream);
  wait();
  for (const { address, pinned } of held)
    driver.toHost(pinned, address, pinned.bytes.length, stream);
  wait();
  return held.map(({ address, pinned }) => {
    const bytes = pinned.bytes.slice();
    driver.free(address);
    driver.freePinned(pinned);
    return bytes;
  });
}

const REGISTER: Readonly<Record<string, string>> = {
  ...{ u8: 'b16', s8: 'b16', u16: 'b16', s16: 'b16', b16: 'b16', u32: 'b32', s32: 'b32' },
  ...{ b32: 'b32', u64: 'b64', s64: 'b64', b64: 'b64', f32: 'f32', f64: 'f64', pred: 'pred' },
};
const BYTES: Readonly<Record<string, number>> = { '8': 1, '16': 2, '32': 4, '64': 8 };
export const bytesOf = (type: string): number =>
  type === 'pred' ? 1 : (BYTES[type.slice(1)] ?? 0);

/** A number, of 64-bit integers a bigint. */
export type PtxValue = number | bigint;

function writeValue(view: DataView, at: number, type: string, value: PtxValue): void {
  if (type === 'f32') view.setFloat32(at, Number(value), true);
  else if (type === 'f64') view.setFloat64(at, Number(value), true);
  else if (bytesOf(type) === 8) view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
  else if (bytesOf(type) === 4) view.setUint32(at, Number(value) >>> 0, true);
  else if (bytesOf(type) === 2) view.setUint16(at, Number(value), true);
  else view.setUint8(at, Number(value));
}

export function readValue(view: DataView, at: number, type: string): PtxValue {
  if (type === 'f32') return view.getFloat32(at, true);
  if (type === 'f64') return view.getFloat64(at, true);
  const bits = 8 * bytesOf(type);
  const raw = Array.from(
    { length: bits / 8 },
    (_, k) => BigInt(view.getUint8(at + k)) << BigInt(8 * k),
  );
  const whole = raw.reduce((sum, byte) => sum | byte, 0n);
  const value = type.startsWith('s') ? BigInt.asIntN(bits, whole) : whole;
  return bits === 64 ? value : Number(value);
}

/**
 * What an instruction makes of each row of operands, a thread per row.
 *
 * @param types - of the destination, then of each source; a `pred` is 0 or 1
 */
export function evaluate(
  opcode: string,
  types: readonly string[],
  rows: readonly (readonly PtxValue[])[],
): readonly PtxValue[] {
  const [to = '', ...from] = types;
  const stride = 8 * from.length;
  const sources = new DataView(new ArrayBuffer(stride * rows.length));
  for (const [n, row] of rows.entries())
    for (const [k, type] of from.entries())
      writeValue(sources, stride * n + 8 * k, type === 'pred' ? 'u8' : type, row[k] ?? 0);
  const [, output] = runPtx({
    text: kernelText(2, evaluation(opcode, to, from)),
    buffers: [new Uint8Array(sources.buffer), 8 * rows.length],
    block: [rows.length, 1, 1],
  });
  const results = new DataView(output?.buffer ?? new ArrayBuffer(0));
  return rows.map((_, n) => readValue(results, 8 * n, to === 'pred' ? 'u8' : to));
}

const memoryType = (type: string): string => (type === 'pred' ? 'u8' : type);

function evaluation(opcode: string, to: string, from: readonly string[]): string {
  const declare = from.map((type, k) => `.reg .${REGISTER[type]} %s${k};`).join(' ');
  const load = from.map((type, k) => {
    const at = `[%at+${8 * k}]`;
    if (type !== 'pred') return `ld.global.${type} %s${k}, ${at};`;
    return `ld.global.u8 %byte, ${at}; setp.ne.u16 %s${k}, %byte, 0;`;
  });
  const result = to === 'pred' ? 'selp.u16 %byte, 1, 0, %d;' : '';
  return `	.reg .b64 %at, %to;
	.reg .b32 %n;
	.reg .b16 %byte;
	.reg .${REGISTER[to]} %d;
	${declare}
	mov.u32 %n, %tid.x;
	mad.wide.u32 %at, %n, ${8 * from.length}, %b0;
	mad.wide.u32 %to, %n, 8, %b1;
	st.global.u64 [%to], 0;
	${load.join('\n\t')}
	${opcode} %d, ${from.map((_, k) => `%s${k}`).join(', ')};
	${result}
	st.global.${memoryType(to)} [%to], ${to === 'pred' ? '%byte' : '%d'};`;
}
