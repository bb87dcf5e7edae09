import type { FrameType } from './frame.js';

/** The JSON part of a message, as it came: fields are judged where they are used. */
export type Fields = { readonly [name: string]: unknown };

/** A whole message: one frame, or one and its `data` frames. */
export interface Message {
  readonly type: Exclude<FrameType, 'data'>;
  readonly id: number;
  readonly fields: Fields;
  /** Empty where there was none. */
  readonly blob: ArrayBuffer;
}

/** A message to be sent; parts of the blob are read while it is sent, and must not change before. */
export interface Outgoing {
  readonly type: Exclude<FrameType, 'data'>;
  readonly id: number;
  readonly fields: Fields;
  readonly blob?: readonly ArrayBufferView[];
  /** Called when the last byte was written; never, where the stream is lost before. */
  readonly sent?: () => void;
}

export const NO_BLOB = new ArrayBuffer(0);

/** What the other side did that the protocol does not allow. The stream cannot go on. */
export class BrokenContract extends Error {
  readonly code = 'BROKEN_CONTRACT';

  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'BrokenContract';
  }
}
