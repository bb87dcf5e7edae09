import assert from 'node:assert/strict';
import { createHost } from '#host/composition/create-host.js';
import type { HostOptions } from '#host/host.js';
import { writeFrameProgram } from '../support/frame-program.js';
import { ownState } from '../support/own-state.js';
import { runOnce, smallImage, smallResample } from '../support/small-calls.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const EXPECTED = [...smallImage().data];
const SHORT: HostOptions['limits'] = {
  callFloorMs: 1500,
  callFactor: 0,
  initMs: 1500,
  disposeMs: 300,
};

/** What a program does, and what the host says of it; without: the program's answer is good and given. */
const PROGRAMS: readonly (readonly [name: string, before: string, told?: RegExp])[] = [
  ['is as it should be', ''],
  [
    'dies between the frames of one answer',
    'if (kind === RUN) { send(RESULT, id, { blob: 768 }, source.subarray(0, 400)); process.exit(9); }',
    /crashed: it ended with exit code 9 during run/,
  ],
  [
    'dies within a frame',
    'if (kind === RUN) { raw(header({ id, binary: 768 })); process.kill(process.pid, "SIGKILL"); }',
    /crashed: it was killed \(SIGKILL\)/,
  ],
  [
    'answers another request',
    'if (kind === RUN) { send(RESULT, id + 2, {}, source); return; }',
    /contract-violation: on its stream: answered request \d+, which is not open/,
  ],
  ['answers twice', 'if (kind === RUN) send(RESULT, id, {}, source);'],
  [
    'sends an empty frame',
    'if (kind === RUN) { raw(header({ id })); return; }',
    /contract-violation: on its stream: answered no bytes instead of 768/,
  ],
  [
    'sends nothing but zeros',
    'if (kind === RUN) { raw(Buffer.alloc(24)); return; }',
    /contract-violation: on its stream: magic/,
  ],
  [
    'answers more than was asked for',
    'if (kind === RUN) { send(RESULT, id, {}, Buffer.alloc(776)); return; }',
    /contract-violation: on its stream: answered 776 bytes instead of 768/,
  ],
  [
    'announces a blob that no memory holds',
    'if (kind === RUN) { send(PUT, 2, { number: 1, image: {}, blob: 2 ** 52 }, source); return; }',
    /contract-violation: on its stream: a blob of 4503599627370496 bytes does not fit/,
  ],
  [
    'sends pixels with its log',
    'if (kind === RUN) send(LOG, 0, { level: "info", text: "x" }, source);',
    /contract-violation: on its stream: log with 768 bytes/,
  ],
  [
    'goes on with a blob that it never began',
    'if (kind === RUN) raw(header({ kind: DATA, id, binary: 0 }));',
    /contract-violation: on its stream: data for id \d+, which has no open blob/,
  ],
  [
    'announces a blob and leaves it',
    'if (kind === RUN) { send(RESULT, id, { blob: 768 }, source.subarray(0, 8)); return; }',
    /hung: it did not answer run within 1500 ms/,
  ],
  [
    'asks under a number of the host',
    'if (kind === RUN) send(RESOURCE, 101, { path: "x" });',
    /contract-violation: on its stream: resource came under id 101, which is not a new one/,
  ],
  [
    'asks the host what only a plugin answers',
    'if (kind === RUN) { send(HELLO, 2); return; }',
    /contract-violation: on its stream: hello is not for this side/,
  ],
  [
    'runs what was never prepared',
    'if (kind === RUN) { send(RUN, 2, { prepared: 7 }); return; }',
    /contract-violation: on its stream: named Prepared 7, which is not open/,
  ],
  [
    'cancels what the host asked for',
    'if (kind === RUN) send(CANCEL, 101);',
    /contract-violation: on its stream: cancelled request 101, which is not its own/,
  ],
  [
    'reports progress for anybody, of any size',
    'if (kind === RUN) for (const fraction of [-1, 1e308, "x", null]) { send(PROGRESS, id, { fraction }); send(PROGRESS, 999, { fraction }); }',
  ],
  [
    'closes its output and lives',
    'if (kind === RUN) { closeSync(1); setInterval(() => {}, 1000); return; }',
    /crashed: it closed its stream during run/,
  ],
  [
    'writes a gigabyte of anything to its output',
    'if (kind === RUN) { const line = Buffer.alloc(2 ** 20, "x"); for (let n = 0; n < 1024; n++) raw(line); return; }',
    /contract-violation: on its stream: magic/,
  ],
  [
    'ends, and leaves a process that keeps its output open',
    'if (kind === RUN) { spawn("/bin/sleep", ["600"], { stdio: "inherit", detached: true }); process.exit(4); }',
    /crashed: it ended with exit code 4 during run/,
  ],
  ['never says hello', 'if (kind === HELLO) return;', /hung: it did not answer the hello/],
  [
    'says hello twice',
    'if (kind === HELLO) send(HELLO, id, ECHO);',
    /contract-violation: on its stream: answered request 1, which is not open/,
  ],
  [
    'says hello and dies',
    'if (kind === PREPARE) process.exit(0);',
    /crashed: it ended with exit code 0/,
  ],
  [
    'answers with an error that is none',
    'if (kind === RUN) { send(ERROR, id, { code: 7, message: { a: 1 }, fields: [] }); return; }',
    /fake failed \(failed without a message\)/,
  ],
  [
    'answers with the error that the host is closed',
    'if (kind === RUN) { send(ERROR, id, { code: "HOST_CLOSED", message: "x", fields: { what: "y" } }); return; }',
    /fake failed \(HOST_CLOSED: x\)/,
  ],
  [
    'says that a run was cancelled which nobody cancelled',
    'if (kind === RUN) { send(ERROR, id, { code: "CANCELLED" }); return; }',
    /fake failed \(CANCELLED: /,
  ],
  [
    'leaves its output as the memory was',
    'if (kind === RUN) { send(RESULT, id, {}, Buffer.alloc(768, 0xff)); return; }',
    /contract-violation: it answered NaN everywhere/,
  ],
];

describe('programs that abuse the frames', () => {
  before(function () {
    if (process.platform === 'win32') this.skip(); // a script is no program there
  });

  for (const [name, program, told] of PROGRAMS) {
    it(`one that ${name}: the call is answered right${told === undefined ? '' : ', and it is told why'}`, async () => {
      using _state = ownState();
      using folder = temporaryFolder();
      writeFrameProgram(folder, program);
      const lines: string[] = [];
      await using host = await createHost({
        pluginPaths: [folder.path],
        pluginMode: 'only',
        log: (level, source, text) => void lines.push(`${level} ${source}: ${text}`),
        ...(told?.source.startsWith('hung') ? { limits: SHORT } : {}),
      });
      await using prepared = await host.prepare(smallResample());
      const { data, provenance } = await runOnce(prepared);
      assert.deepEqual([...data], EXPECTED);
      const all = lines.join('\n');
      assert.equal(provenance.backend, told === undefined ? 'fake' : 'reference', all);
      if (told !== undefined) assert.match(all, told);
    });
  }
});
