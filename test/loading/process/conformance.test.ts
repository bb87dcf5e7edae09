import { describeBackend } from '@voxhost/sdk/testing';
import { activateAt, fullCapabilities, writeChaos } from '../../support/process-plugin.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// The reference in a child process keeps every rule, to the last bit: nothing is lost on the way. What the
// interpolators compute is not the stream's business, so a few of them do.
const capabilities = fullCapabilities().map((block) =>
  block.op === 'resample'
    ? {
        ...block,
        interpolators: ['nearest', 'linear', 'bspline3'] as const,
        boundaries: ['constant', 'mirror'] as const,
        pixelTypes: ['uint8', 'int16', 'float32', 'float64'] as const,
        output: ['same', 'int16', 'float64'] as const,
      }
    : block,
);
const folder = temporaryFolder();
const path = writeChaos(folder, '', { capabilities });
after(() => folder[Symbol.dispose]());
await describeBackend(
  'of the reference in a child process',
  async () => (await activateAt(path)).backend,
  { describe, it, after },
);
