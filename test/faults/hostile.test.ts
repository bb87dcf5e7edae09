import assert from 'node:assert/strict';
import type { HostOptions } from '#host/host.js';
import { type Place, withHostile } from '../support/hostile-host.js';
import { runOnce, smallImage, smallResample } from '../support/small-calls.js';
import type { WrittenPlugin } from '../support/written-plugin.js';

const EXPECTED = [...smallImage().data];
/** Where a plugin is to be found hanging; long enough for one that answers. */
const SHORT: HostOptions['limits'] = {
  callFloorMs: 1500,
  callFactor: 0,
  cancelMs: 500,
  disposeMs: 500,
};

interface Hostile {
  readonly name: string;
  readonly plugin: WrittenPlugin;
  /** What the log says; without: the plugin's answer is good and given. */
  readonly told?: RegExp;
  /** Where it matters which of both it is. */
  readonly place?: Place;
  readonly limits?: HostOptions['limits'];
}

const HOSTILE: readonly Hostile[] = [
  { name: 'throws text', plugin: { run: "throw 'no';" }, told: /threw no/ },
  { name: 'throws undefined', plugin: { run: 'throw undefined;' }, told: /threw undefined/ },
  { name: 'throws null in prepare', plugin: { prepare: 'throw null;' }, told: /threw null/ },
  {
    name: 'throws an object whose every property throws',
    plugin: {
      run: "throw new Proxy({}, { get() { throw new Error('trap'); }, getPrototypeOf() { throw 1; } });",
    },
    told: /hostile failed/,
  },
  {
    name: 'throws an error whose message throws',
    plugin: { run: "throw Object.defineProperty(new Error(), 'message', { get() { throw 1; } });" },
    told: /cannot be read/,
  },
  {
    name: 'throws a symbol with a code of the host',
    plugin: {
      run: "throw Object.assign(new Error('x'), { code: 'HOST_CLOSED', fields: { what: 'lie' } });",
    },
    told: /hostile failed \(HOST_CLOSED: x\)/,
  },
  {
    name: 'blames the caller',
    plugin: {
      run: "throw Object.assign(new Error('x'), { code: 'BAD_ARGUMENT', fields: { argument: 'map', reason: 'is ugly' } });",
    },
    told: /hostile failed/,
  },
  {
    name: 'never settles',
    plugin: { run: 'return new Promise(() => {});' },
    told: /hung: it did not answer run within 1500 ms/,
    limits: SHORT,
  },
  {
    name: 'never prepares',
    plugin: { prepare: 'await new Promise(() => {});' },
    told: /hung: it did not answer prepare within 1500 ms/,
    limits: SHORT,
  },
  {
    name: 'answers shared memory',
    plugin: { run: 'return serve(new Float32Array(new SharedArrayBuffer(768)));' },
    told: /contract-violation: it did not answer in the buffer/,
  },
  {
    name: 'answers the source itself',
    plugin: { run: 'return { data: source.data };' },
    told: /contract-violation: it did not answer in the buffer/,
  },
  {
    name: 'gives the buffer away',
    plugin: {
      run: 'serve(); structuredClone(asked.into.buffer, { transfer: [asked.into.buffer] }); return { data: asked.into };',
    },
    told: /contract-violation: it /,
  },
  {
    name: 'answers too little',
    plugin: { run: 'return { data: asked.into.fill(1).subarray(1) };' },
    told: /contract-violation: it /,
  },
  {
    name: 'answers nothing but NaN',
    plugin: { run: 'return { data: asked.into.fill(NaN) };' },
    told: /contract-violation: it answered NaN everywhere/,
  },
  {
    name: 'answers an object whose data throws',
    plugin: { run: "return { get data() { throw new Error('trap'); } };" },
    told: /trap/,
  },
  { name: 'prepares nothing', plugin: { prepare: 'return undefined;' }, told: /hostile failed/ },
  {
    name: 'prepares an object that throws when looked at',
    plugin: { prepare: "return new Proxy({}, { get() { throw new Error('trap'); } });" },
    told: /hostile failed/,
  },
  {
    name: 'writes on after it answered',
    plugin: { run: 'const { into } = asked; setTimeout(() => into?.fill(0), 50); return serve();' },
    place: 'child',
  },
  {
    name: 'replaces process.stdout.write',
    plugin: { activate: 'process.stdout.write = () => true;' },
    told: /contract-violation: it changed process.stdout.write/,
    place: 'inline',
  },
  {
    name: 'replaces process.stdout.write',
    plugin: { activate: 'process.stdout.write = () => true;' },
    place: 'child',
  },
  {
    name: 'patches JSON',
    plugin: { prepare: 'JSON.parse = () => ({}); JSON.stringify = () => "";' },
    told: /contract-violation: it changed JSON.parse, JSON.stringify/,
    place: 'inline',
  },
  {
    name: 'patches JSON',
    plugin: { prepare: 'JSON.parse = () => ({}); JSON.stringify = () => "";' },
    place: 'child',
  },
  {
    name: 'patches what arrays and objects inherit',
    plugin: {
      top: 'Array.prototype.map = () => []; Object.prototype.trusted = true; Math.floor = () => 0;',
    },
    told: /contract-violation: it changed /,
    place: 'inline',
  },
  {
    name: 'listens to signals and moves elsewhere',
    plugin: {
      activate:
        "process.on('SIGINT', () => {}); process.on('uncaughtException', () => {}); process.chdir('/');",
    },
    told: /contract-violation: it changed the listeners of SIGINT, the listeners of uncaughtException, the working folder/,
    place: 'inline',
  },
  {
    name: 'throws while nobody asks',
    plugin: {
      run: "setTimeout(() => { throw new Error('later'); }, 0); await new Promise((r) => setTimeout(r, 200)); return serve();",
    },
    told: /crashed: it threw outside a call: Error: later/,
    place: 'child',
  },
  {
    name: 'closes the descriptor of the stream',
    plugin: {
      top: "import { closeSync } from 'node:fs';",
      run: 'closeSync(4); return serve();',
    },
    told: /hostile failed/,
    place: 'child',
    limits: SHORT,
  },
  {
    name: 'writes a gigabyte to standard error',
    plugin: {
      run: "const line = 'x'.repeat(2 ** 20); for (let n = 0; n < 1024; n++) await new Promise((r) => process.stderr.write(line, r)); return serve();",
    },
    place: 'child',
  },
  {
    name: 'ends the process in a timer, later',
    plugin: { run: 'setTimeout(() => process.exit(0), 1); return serve();' },
    place: 'child',
  },
];

describe('hostile plugins', () => {
  for (const { name, plugin, told, place, limits } of HOSTILE) {
    for (const where of place === undefined ? (['child', 'inline'] as const) : [place]) {
      it(`one that ${name} (${where}): the call is answered right${told === undefined ? '' : ', and it is told why'}`, () =>
        withHostile(
          where,
          plugin,
          async ({ host, lines }) => {
            await using prepared = await host.prepare(smallResample());
            const { data, provenance } = await runOnce(prepared);
            assert.deepEqual([...data], EXPECTED);
            assert.equal(
              provenance.backend,
              told === undefined ? 'hostile' : 'reference',
              lines.join('\n'),
            );
            if (told !== undefined) assert.match(lines.join('\n'), told);
          },
          limits === undefined ? {} : { limits },
        ));
    }
  }
});
