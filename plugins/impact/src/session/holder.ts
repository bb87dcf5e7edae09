import type { Answer, Answers, Question, SessionNames, SessionSettings, Spot } from './messages.js';
import {
  type Runtime,
  type RuntimeSession,
  type RuntimeTensor,
  runtimeOf,
  type SessionOptions,
} from './runtime.js';

type Values = Readonly<Record<string, RuntimeTensor>>;

/** Sessions and kept values of one worker. */
export interface Holder {
  runtime: Runtime | undefined;
  provider: string | undefined;
  readonly sessions: Map<number, RuntimeSession>;
  readonly kept: Map<number, Values>;
}

export const createHolder = (): Holder => ({
  runtime: undefined,
  provider: undefined,
  sessions: new Map(),
  kept: new Map(),
});

export interface Answered {
  readonly value: Answers | SessionNames | null;
  /** Memory that goes along instead of being copied. */
  readonly transfer: readonly ArrayBuffer[];
}

const NOTHING: Answered = { value: null, transfer: [] };

export async function answerQuestion(holder: Holder, question: Question): Promise<Answered> {
  switch (question.kind) {
    case 'start':
      holder.runtime = runtimeOf(await import(question.runtime));
      holder.runtime.env.logLevel = 'fatal'; // its errors are thrown as well
      holder.provider = question.provider;
      return NOTHING;
    case 'open': {
      const { runtime, provider } = started(holder);
      const options = optionsOf(provider, question.settings);
      const session = await runtime.InferenceSession.create(question.model, options);
      holder.sessions.set(question.session, session);
      return {
        value: { inputs: session.inputNames, outputs: session.outputNames },
        transfer: [],
      };
    }
    case 'close':
      await holder.sessions.get(question.session)?.release();
      holder.sessions.delete(question.session);
      return NOTHING;
    case 'run':
      return runSession(holder, question);
    case 'forget':
      holder.kept.delete(question.keep);
      return NOTHING;
    default:
      return question satisfies never;
  }
}

const optionsOf = (provider: string, { memory, threads }: SessionSettings): SessionOptions => ({
  executionProviders: [provider],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  enableCpuMemArena: memory === 'pooled',
  enableMemPattern: memory === 'pooled',
  logSeverityLevel: 4, // its errors are thrown as well
});

function started({ runtime, provider }: Holder): { runtime: Runtime; provider: string } {
  if (runtime === undefined || provider === undefined) {
    throw new Error('the worker was not started');
  }
  return { runtime, provider };
}

async function runSession(
  holder: Holder,
  question: Extract<Question, { kind: 'run' }>,
): Promise<Answered> {
  const { runtime } = started(holder);
  const session = holder.sessions.get(question.session);
  if (session === undefined) throw new Error(`session ${question.session} is closed`);
  const feeds: Record<string, RuntimeTensor> = {};
  const reused = question.reuse === undefined ? undefined : holder.kept.get(question.reuse);
  for (const name of session.inputNames) {
    const plain = question.feeds[name];
    const spot = question.spots?.[name];
    if (plain !== undefined) feeds[name] = new runtime.Tensor(plain.type, plain.data, plain.dims);
    else if (spot !== undefined) feeds[name] = spotTensor(runtime, spot);
    else if (reused?.[name] !== undefined) feeds[name] = reused[name];
  }
  if (question.reuse !== undefined) holder.kept.delete(question.reuse);
  const outputs = await session.run(feeds);
  if (question.keep !== undefined) holder.kept.set(question.keep, { ...feeds, ...outputs });
  const answers: Record<string, Answer> = {};
  for (const name of question.whole) answers[name] = wholeOf(outputs[name], name);
  for (const name of question.centred) {
    answers[name] = centreOf(wholeOf(outputs[name], name), question.mirrored);
  }
  const isKept = question.keep !== undefined;
  return {
    value: answers,
    transfer: isKept ? [] : question.whole.flatMap((n) => buffersOf(answers[n])),
  };
}

const buffersOf = (answer: Answer | undefined): readonly ArrayBuffer[] =>
  answer?.data.buffer instanceof ArrayBuffer ? [answer.data.buffer] : [];

function spotTensor(runtime: Runtime, { dims, at, rows }: Spot): RuntimeTensor {
  const spatial = dims.slice(2).reduce((n, d) => n * d, 1);
  const data = new Float32Array(rows.length * spatial);
  for (const [i, value] of rows.entries()) data[i * spatial + at] = value;
  return new runtime.Tensor('float32', data, dims);
}

function wholeOf(tensor: RuntimeTensor | undefined, name: string): Answer {
  if (tensor === undefined) throw new Error(`the model has no output "${name}"`);
  if (!(tensor.data instanceof Float32Array)) {
    throw new Error(`output "${name}" is ${tensor.type}, not float32`);
  }
  return { dims: tensor.dims, data: tensor.data };
}

/** ⌊size / 2⌋ along each axis, or its mirror image, of every row. */
function centreOf({ dims, data }: Answer, mirrored: readonly boolean[] | undefined): Answer {
  const at = centreIndex(dims, mirrored);
  const [samples = 0, channels = 0, ...axes] = dims;
  const spatial = axes.reduce((n, d) => n * d, 1);
  const rows = new Float32Array(samples * channels);
  for (let i = 0; i < rows.length; i++) rows[i] = data[i * spatial + at];
  return { dims: [samples, channels], data: rows, whole: dims };
}

/** Flat position of the centre of a tensor [N, C, spatial...]. */
export function centreIndex(dims: readonly number[], mirrored?: readonly boolean[]): number {
  let at = 0;
  for (const [axis, size] of dims.slice(2).entries()) {
    const centre = Math.floor(size / 2);
    at = at * size + (mirrored?.[axis] ? size - 1 - centre : centre);
  }
  return at;
}
