import assert from 'node:assert/strict';
import { isHostError } from '#host/errors.js';
import { readMarked } from '#host/loading/process/kill-tree.js';
import { eventually } from '../support/eventually.js';
import { chaos, type Isolated } from '../support/process-plugin.js';
import { identity, runOnce, smallImage, smallResample } from '../support/small-calls.js';

/** Generous where the plugin is to answer, short where it is to be found hanging. */
const HANGING = { callFloorMs: 400, callFactor: 0, cancelMs: 400, disposeMs: 400 };

async function verdictOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (isHostError(error, 'PLUGIN_FAILED'))
      return `${error.fields.verdict}: ${error.fields.reason}`;
    return `${(error as { code?: string }).code}: ${(error as Error).message}`;
  }
  return 'ok';
}

/** The faults of a call, and what the caller is told. */
const CALLS: readonly (readonly [fault: string, expected: RegExp, dies?: boolean])[] = [
  ['segv', /^crashed: it was ended by SIGSEGV during/, true],
  ['bus', /^crashed: it was ended by SIGBUS during/, true],
  ['ill', /^crashed: it was ended by SIGILL during/, true],
  ['abort', /^crashed: it was ended by SIGABRT during/, true],
  ['kill', /^crashed: it was killed \(SIGKILL\)/, true],
  ['exit', /^crashed: it called process\.exit\(0\) during/, true],
  ['exit7', /^crashed: it called process\.exit\(7\) during/, true],
  ['spin', /^hung: it did not answer .* within 400 ms/, true],
  ['stall', /^hung: it did not answer .* within 400 ms/, true],
  ['ignore-term', /^hung: /, true],
  ['garbage', /^contract-violation: on its stream: magic/, true],
  ['huge-frame', /^contract-violation: on its stream: a JSON part of 4294967295 bytes/, true],
  ['half-frame', /^crashed: it was killed \(SIGKILL\)/, true],
  [
    'answer-twice',
    /^contract-violation: on its stream: answered request 1, which is not open/,
    true,
  ],
  ['throw', /^UNKNOWN: chaos threw$/],
  ['throw-text', /^UNKNOWN: threw chaos threw text$/],
  ['no-memory', /^OUT_OF_MEMORY: /],
  ['unsupported', /^UNSUPPORTED: /],
  ['print', /^ok$/],
  ['tamper', /^(ok|contract-violation|crashed|UNKNOWN|hung)/],
];

/** The faults of an answer to a resample. */
const ANSWERS: readonly (readonly [fault: string, expected: RegExp])[] = [
  ['short', /^contract-violation: it did not answer in the buffer/],
  ['wrong-type', /^contract-violation: it did not answer in the buffer/],
  ['not-into', /^contract-violation: it did not answer in the buffer/],
  ['unwritten', /^contract-violation: it did not write its output from byte 0 of 768/],
  ['outside', /^contract-violation: it wrote outside its buffer/],
  ['nothing', /^contract-violation: it did not answer in the buffer/],
];

const limits = HANGING;

async function serves(isolated: Isolated): Promise<void> {
  await using prepared = await isolated.backend.prepare(smallResample());
  const { data } = await runOnce(prepared);
  assert.deepEqual([...data], [...smallImage().data]);
}

describe('faults in a process (E51 to E67)', () => {
  for (const [fault, expected, dies = false] of CALLS) {
    it(`${fault} in a run: the caller is told, the next prepare is served`, async () => {
      await using plugin = await chaos(`run:1=${fault}`, {}, { services: { limits } });
      const prepared = await plugin.backend.prepare(smallResample());
      assert.match(await verdictOf(runOnce(prepared)), expected);
      if (fault === 'tamper') return;
      // A process that died is another one now, and counts its runs anew.
      if (dies) await servesAgain(plugin);
      else await serves(plugin);
      await Promise.allSettled([prepared[Symbol.asyncDispose]()]);
    });

    it(`${fault} in prepare: the caller is told`, async () => {
      await using plugin = await chaos(`prepare:1=${fault}`, {}, { services: { limits } });
      assert.match(await verdictOf(plugin.backend.prepare(smallResample())), expected);
    });
  }

  for (const [fault, expected] of ANSWERS) {
    it(`${fault}: such an answer is never given to the caller`, async () => {
      await using plugin = await chaos(`run:1=${fault}`);
      await using prepared = await plugin.backend.prepare(smallResample());
      assert.match(await verdictOf(runOnce(prepared)), expected);
    });
  }

  for (const fault of ['segv', 'exit', 'spin', 'stall', 'throw', 'garbage', 'daemon']) {
    it(`${fault} in activate: the plugin is refused with the verdict, and nothing stays`, async () => {
      const hangs = fault === 'spin' || fault === 'stall';
      const services = { timeouts: { init: hangs ? 1500 : 20_000, dispose: 500 } };
      const permissions = { childProcess: true };
      const found = await verdictOf(chaos(`activate=${fault}`, { permissions }, { services }));
      assert.match(found, EXPECTED_AT_START[fault] as RegExp);
    });
  }

  it('a wrong answer to the hello is a broken contract', async () => {
    const found = await verdictOf(chaos('activate=huge-frame'));
    assert.match(found, /^contract-violation: on its stream/);
  });

  it('what a plugin prints goes to the log, not to the stream and not to the user', async () => {
    await using plugin = await chaos('run:1=print');
    await serves(plugin);
    await plugin[Symbol.asyncDispose]();
    assert.ok(
      plugin.lines.some((line) => line === 'info: stdout: VXF1 noise'),
      plugin.lines.join('\n'),
    );
    assert.ok(plugin.lines.some((line) => line === 'info: stderr: chaos complains'));
  });

  it('100 MiB on standard output are drained and cut', async () => {
    await using plugin = await chaos('run:1=flood');
    await serves(plugin);
    assert.ok(plugin.lines.join('').length < 1e6);
  });

  it('a daemon that left the group is ended with the plugin', async () => {
    const plugin = await chaos('run:1=daemon', { permissions: { childProcess: true } });
    await serves(plugin);
    const { mark } = plugin.backend.process ?? {};
    assert.ok(readMarked(mark as string).length >= 2, 'the daemon runs');
    await plugin[Symbol.asyncDispose]();
    assert.deepEqual(
      await eventually(
        () => readMarked(mark as string),
        (left) => left.length === 0,
      ),
      [],
    );
  });

  it('without the permission a plugin starts no process', async () => {
    await using plugin = await chaos('run:1=daemon');
    await using prepared = await plugin.backend.prepare(smallResample());
    assert.match(await verdictOf(runOnce(prepared)), /ERR_ACCESS_DENIED|Access to this API/);
  });

  it('a leak is stopped at the limit of memory', async () => {
    const residentBytes = 256 * 2 ** 20;
    await using plugin = await chaos('run=leak', {}, { services: { limits: { residentBytes } } });
    const prepared = await plugin.backend.prepare(smallResample());
    let found = 'ok';
    for (let run = 0; run < 200 && found === 'ok'; run++)
      found = await verdictOf(runOnce(prepared));
    assert.match(found, /^leaking: it holds \d+ bytes/);
    assert.deepEqual(
      plugin.deaths.map(({ verdict }) => verdict),
      ['leaking'],
    );
  });

  it('a cancelled run rejects at once with the reason, and the Prepared serves on', async () => {
    await using plugin = await chaos('');
    await using prepared = await plugin.backend.prepare(smallResample());
    const controller = new AbortController();
    const running = runOnce(prepared, controller.signal);
    controller.abort(new Error('no longer wanted'));
    await assert.rejects(running, /no longer wanted/);
    assert.deepEqual([...(await runOnce(prepared)).data], [...smallImage().data]);
    const before = new AbortController();
    before.abort(new Error('never wanted'));
    await assert.rejects(runOnce(prepared, before.signal), /never wanted/);
  });

  it('a plugin that does not heed a cancel is killed after its grace', async () => {
    const services = { limits: { cancelMs: 300 } };
    await using plugin = await chaos('run:1=stall', {}, { services });
    const prepared = await plugin.backend.prepare(smallResample());
    const controller = new AbortController();
    const running = runOnce(prepared, controller.signal);
    await eventually(
      () => plugin.lines,
      (lines) => lines.includes('debug: chaos: stall'),
    );
    controller.abort(new Error('no longer wanted'));
    await assert.rejects(running, /no longer wanted/);
    assert.match(await verdictOf(runOnce(prepared)), /^hung: /);
    assert.equal(plugin.deaths.length, 1);
  });

  it('several calls at once on a process that dies all learn why', async () => {
    await using plugin = await chaos('run:3=segv');
    const prepareds = await Promise.all(
      [0, 1, 2].map(() => plugin.backend.prepare(smallResample())),
    );
    const found = await Promise.all(prepareds.map((prepared) => verdictOf(runOnce(prepared))));
    assert.equal(found[0], 'ok');
    assert.equal(found[1], 'ok');
    assert.match(found[2] as string, /^crashed: it was ended by SIGSEGV/);
    assert.equal(plugin.deaths.length, 1);
  });

  it('a rejection that nobody hears ends the process, and is named', async () => {
    await using plugin = await chaos('run:1=reject-later');
    const prepared = await plugin.backend.prepare(smallResample());
    await verdictOf(runOnce(prepared));
    const [death] = await eventually(
      () => plugin.deaths,
      (deaths) => deaths.length > 0,
    );
    assert.match(death?.reason ?? '', /it threw outside a call: Error: chaos rejected later/);
  });

  it('queued runs are rejected with the one that died, not left waiting', async () => {
    await using plugin = await chaos('run:2=kill');
    const prepared = await plugin.backend.prepare(smallResample());
    const runs = [0, 1, 2, 3].map(() =>
      verdictOf(prepared.run(identity, { samples: { size: [4, 4] } })),
    );
    const [first, ...others] = await Promise.all(runs);
    assert.equal(first, 'ok');
    for (const other of others) assert.match(other, /^crashed: it was killed/);
  });
});

const EXPECTED_AT_START: { readonly [fault: string]: RegExp } = {
  segv: /^crashed: it was ended by SIGSEGV during the hello/,
  exit: /^crashed: it called process.exit\(0\) during the hello/,
  spin: /^hung: it did not answer the hello within 1500 ms/,
  stall: /^hung: it did not answer the hello within 1500 ms/,
  throw: /^load-failed: chaos threw/,
  garbage: /^contract-violation: on its stream/,
  daemon: /^ok$/,
};

async function servesAgain(plugin: Isolated): Promise<void> {
  assert.equal(plugin.deaths.length, 1);
  await using prepared = await plugin.backend.prepare(smallResample());
  assert.equal(typeof prepared.run, 'function');
}
