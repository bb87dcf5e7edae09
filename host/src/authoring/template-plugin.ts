/** The program of a new plugin: whole, plain JavaScript, without dependencies. A test runs the conformance kit on it. */
export const PLUGIN_TEMPLATE = `// A voxhost backend in one file: nearest-neighbour resampling of 3-D float32 volumes under an affine map.
// Change what it can do here and in the manifest alike, then: voxhost plugin test .
import { setImmediate } from 'node:timers/promises';

const ID = '@ID@';
const NAME = '@NAME@';
const VERSION = '0.1.0';

// The host compares these with the manifest when it loads the plugin.
const CAPABILITIES = @CAPABILITIES@;

// Errors are told apart by code and fields. The message ends with what can be done.
const failure = (code, fields, message) => Object.assign(new Error(message), { code, fields });
const badArgument = (argument, reason) =>
  failure('BAD_ARGUMENT', { argument, reason }, \`argument "\${argument}" \${reason}; correct the call\`);
const disposedError = (what) => failure('DISPOSED', { what }, \`\${what} was disposed; prepare it again\`);

// Importing this module does nothing: all begins with activate.
export default {
  id: ID,
  version: VERSION,
  abi: { min: 1, max: 1 },
  activate: async () => createBackend(),
};

function createBackend() {
  let disposed = false;
  const assertOpen = () => {
    if (disposed) throw disposedError(\`backend "\${NAME}"\`);
  };
  return {
    name: NAME,
    capabilities: CAPABILITIES,
    supports,
    async prepare(operation, signal) {
      signal?.throwIfAborted();
      assertOpen();
      const support = supports(operation);
      if (support.ok) return createPrepared(operation.source, assertOpen);
      const { axis, reason } = support;
      const message = \`backend "\${NAME}" lacks this \${axis}: \${reason}; choose another backend\`;
      throw failure('UNSUPPORTED', { backend: NAME, axis, reason }, message);
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
    },
  };
}

// Cheap and synchronous: the first axis that fails, and why. Never more than the manifest claims.
function supports(operation) {
  const [can] = CAPABILITIES;
  if (operation.kind !== 'resample') return refuse('op', \`has no \${operation.kind}\`);
  const { source, interpolator, boundary, pixelType, gradient, demand } = operation;
  const { size } = source.grid;
  if (!can.dims.includes(size.length)) return refuse('dims', \`has no \${size.length}-D\`);
  if (!can.interpolators.includes(interpolator)) return refuse('interpolator', \`has no \${interpolator}\`);
  if (!can.boundaries.includes(boundary.kind)) return refuse('boundary', \`has no \${boundary.kind}\`);
  if (!can.pixelTypes.includes(source.pixelType)) return refuse('pixelType', \`has no \${source.pixelType}\`);
  if (pixelType !== source.pixelType) return refuse('output', 'gives the type of the source only');
  if (gradient) return refuse('gradient', 'gives no gradient');
  const map = demand.maps.find((kind) => !can.maps.includes(kind));
  if (map !== undefined) return refuse('map', \`has no \${map}\`);
  if (!can.samples.includes(demand.samples)) return refuse('samples', \`has no \${demand.samples}\`);
  return { ok: true, memory: { prepare: 0, run: 4 * demand.perRun * source.channels } };
}

const refuse = (axis, reason) => ({ ok: false, axis, reason });

// Runs are answered in call order; disposing waits for the one in progress and rejects the others.
function createPrepared(source, assertOpen) {
  let last = Promise.resolve();
  let disposed = false;
  return {
    run(map, run) {
      const answer = last.then(() => {
        assertOpen();
        if (disposed) throw disposedError('the operation');
        return resample(source, map, run);
      });
      last = answer.catch(() => {});
      return answer;
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await last;
    },
  };
}

async function resample(source, map, { samples, into, signal, progress }) {
  signal?.throwIfAborted();
  const { size, start = [0, 0, 0] } = checkArguments(source, map, samples);
  const voxels = size[0] * size[1] * size[2];
  const data = checkBuffer(source, into, voxels * source.channels) ?? new Float32Array(voxels * source.channels);
  for (let z = 0; z < size[2]; z++) {
    await setImmediate(); // lets an abort be heard
    signal?.throwIfAborted();
    sampleSlice(source, map.matrix, { size, start, z, data });
    progress?.((z + 1) / size[2]);
  }
  return { data };
}

function checkArguments(source, map, samples) {
  if (map.kind !== 'affine') throw badArgument('map', \`is a \${map.kind}, not affine\`);
  if (map.matrix.length !== 12 || !map.matrix.every(Number.isFinite)) throw badArgument('map', 'is no finite 3-D matrix');
  const { size, start } = samples;
  const isBlock = (list) => Array.isArray(list) && list.length === 3 && list.every(Number.isSafeInteger);
  if (!isBlock(size) || size.some((n) => n < 1)) throw badArgument('samples', 'is no 3-D block');
  if (start !== undefined && !isBlock(start)) throw badArgument('samples', 'has no 3-D start');
  return samples;
}

function checkBuffer(source, into, length) {
  if (into === undefined) return undefined;
  const isRight = Object.prototype.toString.call(into) === '[object Float32Array]' && into.length === length;
  if (!isRight) throw badArgument('into', \`is no Float32Array of \${length}\`);
  if (into.buffer === source.data.buffer) throw badArgument('into', 'is memory of the source');
  return into;
}

// The map takes an output index to an input index: rows of [x y z 1], in float64.
function sampleSlice({ grid, channels, data: from }, m, { size, start, z, data }) {
  const [nx, ny, nz] = grid.size;
  const plane = nx * ny * nz;
  const outPlane = size[0] * size[1] * size[2];
  const nearest = (x, n) => Math.min(n - 1, Math.max(0, Math.floor(x + 0.5)));
  let to = z * size[0] * size[1];
  for (let y = 0; y < size[1]; y++) {
    for (let x = 0; x < size[0]; x++, to++) {
      const [px, py, pz] = [x + start[0], y + start[1], z + start[2]];
      const i = nearest(m[0] * px + m[1] * py + m[2] * pz + m[3], nx);
      const j = nearest(m[4] * px + m[5] * py + m[6] * pz + m[7], ny);
      const k = nearest(m[8] * px + m[9] * py + m[10] * pz + m[11], nz);
      const at = i + nx * (j + ny * k);
      for (let c = 0; c < channels; c++) data[to + c * outPlane] = from[at + c * plane];
    }
  }
}
`;
