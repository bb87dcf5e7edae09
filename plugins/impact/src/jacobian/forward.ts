import type { Rows } from '../combine.js';
import type { Eye } from './eye.js';
import type { Group } from './group.js';
import { forget, look, type Seen } from './look.js';
import { patchTensor } from './patches.js';

/** Some samples, seen by every eye. */
export interface Chunk {
  readonly samples: readonly number[];
  readonly lane: number;
  readonly seen: readonly Seen[];
  /** Per layer of all eyes. */
  readonly rows: readonly Rows[];
}

interface Pass {
  readonly samples: readonly number[];
  readonly lane: number;
  readonly keep: boolean;
}

/** Samples whose features are not finite are not valid: the others are seen again without them. */
export async function forward(group: Group, pass: Pass): Promise<Chunk> {
  const { samples } = pass;
  if (samples.length === 0) return nothingSeen(group, pass);
  const chunk = await forwardAll(group, pass);
  const good = samples.filter((_, i) =>
    chunk.rows.every((rows) => isSound(rows, i, samples.length)),
  );
  if (good.length === samples.length) return chunk;
  await forgetChunk(group, chunk);
  return forward(group, { ...pass, samples: good });
}

/** Are all features of a sample numbers? */
function isSound({ fixed, moving }: Rows, i: number, samples: number): boolean {
  const width = fixed.length / samples;
  const isFine = (rows: Float32Array) =>
    rows.subarray(i * width, (i + 1) * width).every(Number.isFinite);
  return isFine(fixed) && isFine(moving);
}

function nothingSeen({ course }: Group, { samples, lane }: Pass): Chunk {
  const none = new Float32Array(0);
  const rows = course.jacobian.layers.map(() => ({ fixed: none, moving: none }));
  return { samples, lane, seen: [], rows };
}

async function forwardAll(group: Group, { samples, lane, keep }: Pass): Promise<Chunk> {
  const seen: Seen[] = [];
  const rows: Rows[] = [];
  for (const [e, eye] of group.course.jacobian.eyes.entries()) {
    const start = group.patches.starts[e];
    const view = (side: Eye['fixed'], values: Float32Array) => ({
      data: patchTensor(values, eye, start, { samples, channels: side.open.network.channels }),
      samples: samples.length,
      lane,
    });
    const fixed = await look(eye.fixed, eye, view(eye.fixed, group.patches.fixed));
    const moving = await look(eye.moving, eye, {
      ...view(eye.moving, group.patches.moving),
      keep,
    });
    seen.push(moving);
    rows.push(...eye.layers.map((_, l) => ({ fixed: fixed.rows[l], moving: moving.rows[l] })));
  }
  return { samples, lane, seen, rows };
}

/** Drops the forward passes that are kept for a chunk. */
export async function forgetChunk({ course }: Group, { seen }: Chunk): Promise<void> {
  const { eyes } = course.jacobian;
  await Promise.all(seen.map((one, e) => forget(eyes[e].moving, one)));
}
