import {
  affineMap,
  allocatePixels,
  type Backend,
  createImage,
  type IndexMap,
  type Pixels,
  pixelTypeFacts,
  type Resample,
  type Resampled,
  type ResampleRun,
  then,
} from '@voxhost/sdk';
import { type Fault, fault } from './fault.js';
import type { Parts } from './small-backend.js';

/** Runs honestly, then changes the answer. */
const answering =
  (change: (answer: Resampled, run: ResampleRun, operation: Resample) => Resampled | undefined) =>
  (): Parts => ({
    run: (honest, operation) => async (map, run) => {
      const answer = await honest(map, run);
      return change(answer, run, operation) ?? answer;
    },
  });

/** Changes the call, then runs honestly. */
const calling =
  (change: (map: IndexMap, run: ResampleRun) => readonly [IndexMap, ResampleRun]) => (): Parts => ({
    run: (honest) => (map, run) => honest(...change(map, run)),
  });

/** Prepares another operation than it was asked for. */
const preparing =
  (change: (operation: Resample) => Resample) =>
  (reference: Backend): Parts => ({
    prepare: (operation, signal) => reference.prepare(change(operation), signal),
  });

const shiftedBy = (offset: number, map: IndexMap): IndexMap => {
  if (map.kind === 'points') return { ...map, positions: map.positions.map((x) => x + offset) };
  const [flat, deep] = [
    affineMap([1, 0, offset, 0, 1, 0]),
    [1, 0, 0, offset, 0, 1, 0, 0, 0, 0, 1, 0],
  ];
  return then(map, dimsOf(map) === 2 ? flat : affineMap(deep));
};

const dimsOf = (map: IndexMap): number => ('matrix' in map && map.matrix.length === 6 ? 2 : 3);

/** Rounds every number of a map to float32. */
const inFloat32 = (map: IndexMap): IndexMap =>
  map.kind === 'affine' ? { ...map, matrix: map.matrix.map(Math.fround) } : map;

const later = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

export const FAULTS: readonly Fault[] = [
  fault('supports less than it claims', 'R1', () => ({
    supports: (honest, operation) =>
      operation.kind === 'resample' && operation.interpolator === 'bspline3'
        ? { ok: false, axis: 'interpolator', reason: 'not today' }
        : honest,
  })),
  fault('supports everything', 'R2', () => ({
    supports: () => ({ ok: true, memory: { prepare: 0, run: 0 } }),
  })),
  fault('refuses by another axis than prepare', 'R2', () => ({
    supports: (honest) => (honest.ok ? honest : { ...honest, axis: 'mood' }),
  })),
  fault(
    'samples half a voxel off',
    'R3',
    calling((map, run) => [shiftedBy(0.5, map), run]),
  ),
  fault(
    'samples a hundred-thousandth of a voxel off',
    'R3',
    calling((map, run) => [shiftedBy(1e-5, map), run]),
  ),
  fault('swaps the first two axes', 'R3', () => ({
    run: (honest) => (map, run) => {
      if (map.kind !== 'affine') return honest(map, run);
      const dims = dimsOf(map);
      const matrix = map.matrix.slice();
      matrix.copyWithin(0, dims + 1, 2 * (dims + 1));
      matrix.set(map.matrix.subarray(0, dims + 1), dims + 1);
      return honest({ ...map, matrix }, run);
    },
  })),
  fault(
    'has linear for bspline3',
    'R3',
    preparing((operation) => ({
      ...operation,
      interpolator: operation.interpolator === 'bspline3' ? 'linear' : operation.interpolator,
    })),
  ),
  fault(
    'extends every boundary by the edge',
    'R3',
    preparing((operation) => ({
      ...operation,
      boundary: { kind: 'nearest' },
    })),
  ),
  fault(
    'ignores how a lattice ends',
    'R3',
    calling((map, run) => [
      map.kind === 'field' ? { ...map, lattice: { ...map.lattice, outside: 'edge' } } : map,
      run,
    ]),
  ),
  fault(
    'chooses with ties to the even index',
    'R4',
    preparing((operation) => ({
      ...operation,
      interpolator: operation.interpolator === 'nearest' ? 'nearest-even' : operation.interpolator,
    })),
  ),
  fault(
    'reads 16 bits through 11',
    'R4',
    preparing((operation) => {
      const { source } = operation;
      if (source.pixelType !== 'uint16') return operation;
      const data = (source.data as Uint16Array).map((value) => (value >> 5) << 5);
      return { ...operation, source: createImage(source.grid, data, source.channels) };
    }),
  ),
  fault(
    'forgets where the block starts',
    'R5',
    calling((map, run) => [
      map,
      'size' in run.samples ? { ...run, samples: { size: run.samples.size } } : run,
    ]),
  ),
  fault(
    'gives points other last bits',
    'R5',
    answering(({ data }, { samples }) => {
      if ('points' in samples && data instanceof Float32Array) {
        for (let i = 0; i < data.length; i++) data[i] = data[i] * (1 + 2 ** -23);
      }
      return undefined;
    }),
  ),
  fault(
    'has the map in float32',
    'R6',
    calling((map, run) => [inFloat32(map), run]),
  ),
  fault('fails on one row', 'R7', () => ({
    run: (honest) => async (map, run) => {
      if ('size' in run.samples && run.samples.size[0] === 1) throw new Error('too thin');
      return await honest(map, run);
    },
  })),
  fault(
    'mixes the channels',
    'R8',
    answering(({ data }, _run, { source }) => {
      if (source.channels > 1) data.reverse();
      return undefined;
    }),
  ),
  fault('cuts instead of rounding', 'R9', (reference) => ({
    prepare: (operation, signal) =>
      reference.prepare({ ...operation, pixelType: 'float64' }, signal),
    run: (honest, operation) => async (map, run) => {
      const { into, ...rest } = run;
      const { data } = await honest(map, rest);
      const range = pixelTypeFacts(operation.pixelType).range;
      const cut = into ?? allocatePixels(operation.pixelType, data.length);
      for (let i = 0; i < data.length; i++) {
        cut[i] = range ? Math.min(range[1], Math.max(range[0], Math.trunc(data[i]))) : data[i];
      }
      return { data: cut };
    },
  })),
  fault('wraps around instead of saturating', 'R9', (reference) => ({
    prepare: (operation, signal) =>
      reference.prepare({ ...operation, pixelType: 'float64' }, signal),
    run:
      (honest, operation) =>
      async (map, { into: _, ...rest }) => {
        const { data } = await honest(map, rest);
        const wrapped = allocatePixels(operation.pixelType, data.length);
        for (let i = 0; i < data.length; i++) wrapped[i] = data[i];
        return { data: wrapped };
      },
  })),
  fault('prefilters NaN', 'R10', (reference) => ({
    prepare: (operation, signal) => {
      const { source } = operation;
      const data = (source.data as Float32Array).map((x) => (Number.isFinite(x) ? x : 0));
      const patched = createImage(source.grid, data, source.channels);
      return reference.prepare({ ...operation, source: patched }, signal);
    },
  })),
  fault(
    'has the slopes the other way',
    'R11',
    answering(({ data }, _run, { gradient, source }) => {
      if (gradient) {
        const slopes = data.subarray(data.length / (1 + source.grid.size.length));
        for (let i = 0; i < slopes.length; i++) slopes[i] = -slopes[i];
      }
      return undefined;
    }),
  ),
  fault(
    'has the slopes before the values',
    'R11',
    answering(({ data }, _run, { gradient, source }) => {
      if (gradient) {
        const plane = data.length / (1 + source.grid.size.length);
        const values = data.slice(0, plane);
        data.copyWithin(0, plane);
        data.set(values, data.length - plane);
      }
      return undefined;
    }),
  ),
  fault('answers short runs first', 'R12', (reference) => ({
    run: (_honest, operation) => async (map, run) => {
      await using own = await reference.prepare(operation);
      if ('size' in run.samples && run.samples.size[0] > 50) await later(30);
      return await own.run(map, run);
    },
  })),
  fault('has other last bits every time', 'R13', () => {
    let runs = 0;
    return answering(({ data }) => {
      if (data instanceof Float32Array) data[0] = data[0] * (1 + (runs++ % 7) * 2 ** -23);
      return undefined;
    })();
  }),
  fault(
    'writes its source',
    'R14',
    answering((_answer, _run, { source }) => {
      source.data[source.data.length - 1] += 1;
      return undefined;
    }),
  ),
  fault('moves the points of a map', 'R14', () => ({
    run: (honest) => async (map, run) => {
      const answer = await honest(map, run);
      if (map.kind === 'points') map.positions[0] += 1;
      return answer;
    },
  })),
  fault('does not fill into', 'R15', () => ({
    run:
      (honest) =>
      (map, { into: _, ...rest }) =>
        honest(map, rest),
  })),
  fault('leaves the tail of a vector unwritten', 'R15', () => ({
    run: (honest) => async (map, run) => {
      const before = run.into?.slice();
      const answer = await honest(map, run);
      const whole = answer.data.length - (answer.data.length % 4);
      if (before !== undefined) answer.data.set(before.subarray(whole), whole);
      return answer;
    },
  })),
  fault(
    'writes in whole vectors past the end of into',
    'R15',
    answering(({ data }, { into }) => {
      if (into === undefined) return undefined;
      const end = into.byteOffset + into.byteLength;
      new Uint8Array(into.buffer, end).fill(0);
      return { data };
    }),
  ),
  fault('takes any into', 'R16', () => ({
    run:
      (honest) =>
      async (map, { into, ...rest }) => {
        const { data } = await honest(map, rest);
        if (into === undefined) return { data };
        for (let i = 0; i < into.length; i++) into[i] = data[i];
        return { data: into };
      },
  })),
  fault('gives every run the same memory', 'R17', () => {
    const room = new Map<string, Pixels>();
    return {
      run: (honest, operation) => async (map, run) => {
        const answer = await honest(map, run);
        if (run.into !== undefined) return answer;
        const key = `${operation.pixelType} ${answer.data.length}`;
        const kept = room.get(key) ?? answer.data;
        room.set(key, kept);
        kept.set(answer.data);
        return { data: kept };
      },
    };
  }),
  fault('throws what it likes at a wrong map', 'R18', () => ({
    run: (honest) => async (map, run) => {
      try {
        return await honest(map, run);
      } catch (error) {
        if (run.signal?.aborted || run.into !== undefined) throw error;
        throw new TypeError('cannot read properties of undefined', { cause: error });
      }
    },
  })),
  fault('prepares whatever the signal', 'R19', (reference) => ({
    prepare: (operation) => reference.prepare(operation),
  })),
  fault('runs whatever the signal', 'R19', () => ({
    run:
      (honest) =>
      (map, { signal: _, ...rest }) =>
        honest(map, rest),
  })),
  fault('rejects with an error of its own when aborted', 'R19', () => ({
    run: (honest) => async (map, run) => {
      try {
        return await honest(map, run);
      } catch (error) {
        if (run.signal?.aborted) throw new Error('aborted', { cause: error });
        throw error;
      }
    },
  })),
  fault('is broken by an abort', 'R19', () => ({
    run: (honest) => {
      let broken = false;
      return async (map, run) => {
        broken ||= run.signal?.aborted ?? false;
        if (broken && run.signal === undefined) throw new Error('broken');
        return await honest(map, run);
      };
    },
  })),
  fault('reports progress after the end', 'R20', () => ({
    run: (honest) => async (map, run) => {
      const answer = await honest(map, run);
      if (run.progress) setTimeout(run.progress, 1, 1);
      return answer;
    },
  })),
  fault('reports progress in per cent', 'R20', () => ({
    run: (honest) => (map, run) =>
      honest(map, { ...run, progress: (fraction) => run.progress?.(100 * fraction) }),
  })),
  fault('answers after disposal', 'R21', () => ({ dispose: async () => undefined })),
  fault('does not wait for the run in progress', 'R21', () => ({
    dispose: async (honest) => {
      void honest();
    },
  })),
  fault('prepares after disposal', 'R21', () => ({ disposeBackend: async () => undefined })),
];
