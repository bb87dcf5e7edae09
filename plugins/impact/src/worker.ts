import { parentPort } from 'node:worker_threads';
import { answerQuestion, createHolder } from './session/holder.js';
import type { Question, Reply } from './session/messages.js';

/** onnxruntime holds its thread while it runs a session, so it has one of its own. */
const holder = createHolder();

parentPort?.on('message', (asked: { readonly id: number; readonly question: Question }) => {
  void answerQuestion(holder, asked.question).then(
    ({ value, transfer }) => post({ id: asked.id, ok: true, value }, transfer),
    (error: unknown) => post({ id: asked.id, ok: false, message: messageOf(error) }, []),
  );
});

const post = (reply: Reply, transfer: readonly ArrayBuffer[]): void =>
  parentPort?.postMessage(reply, transfer);

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
