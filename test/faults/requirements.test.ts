import assert from 'node:assert/strict';
import type { LibraryRequirement, Target } from '@voxhost/sdk';
import type { DeviceFacts, MachineFacts } from '#host/compatibility/machine-facts.js';
import { parseDevices, visibleDevices } from '#host/compatibility/nvidia.js';
import { BAD, COMPATIBLE, expectVerdict, Zoo } from './zoo.js';

const requiring = (requires: Target['requires']) => (zoo: Zoo) =>
  void zoo.plant(BAD, { target: requires === undefined ? {} : { requires } });
const driver = (needs: 'full' | 'sass') =>
  requiring({ drivers: [{ name: 'nvidia', min: '570.26', compatMin: '525.60.13', needs }] });
const with_ = (nvidia: string): { machine: Partial<MachineFacts> } => ({
  machine: { drivers: { nvidia } },
});

describe('faults of requirements', () => {
  const drivers: readonly (readonly [string, 'full' | 'sass', string])[] = [
    ['570.26', 'full', COMPATIBLE],
    ['570.124.06', 'full', COMPATIBLE],
    ['570.9', 'full', 'require: driver-too-old'],
    ['525.60.13', 'full', 'require: driver-too-old'],
    ['525.60.13', 'sass', COMPATIBLE],
    ['525.60.12', 'sass', 'require: driver-too-old'],
    ['580.65.06', 'full', COMPATIBLE],
    ['32.0.15.7247', 'full', COMPATIBLE],
    ['32.0.15.6094', 'full', 'require: driver-too-old'],
    ['', 'full', 'require: driver-too-old'],
    ['N/A', 'full', 'require: driver-too-old'],
  ];
  for (const [version, needs, verdict] of drivers)
    it(`E46 E47 driver "${version}" where ${needs} is needed: ${verdict}`, () =>
      expectVerdict(verdict, driver(needs), with_(version)));

  const gpu = requiring({ devices: [{ class: 'cuda', min: 1, memoryMiB: 1024 }] });
  const asked = (
    answer: string,
    selection?: string,
  ): { machine: { devices: readonly DeviceFacts[] } } => ({
    machine: { devices: visibleDevices(parseDevices(answer), selection) },
  });
  const h200 = '0, GPU-a, H200, 9.0, 143771, 143000, Default, Disabled';
  const answers: readonly (readonly [string, string, ReturnType<typeof asked>])[] = [
    ['no driver', 'require: missing-hardware', { machine: { devices: [] } }],
    ['an error with exit code 0', 'require: missing-hardware', asked('NVIDIA-SMI has failed')],
    ['no devices', 'require: missing-hardware', asked('No devices were found')],
    ['a device', COMPATIBLE, asked(h200)],
    ['prohibited', 'require: busy', asked(h200.replace('Default', 'Prohibited'))],
    ['without free memory', 'require: busy', asked(h200.replace('143000', '100'))],
    ['CUDA_VISIBLE_DEVICES=""', 'require: missing-hardware', asked(h200, '')],
    ['CUDA_VISIBLE_DEVICES=-1', 'require: missing-hardware', asked(h200, '-1')],
    [
      'split into instances, so that its memory is open',
      COMPATIBLE,
      asked(h200.replace('Disabled', 'Enabled')),
    ],
  ];
  for (const [name, verdict, look] of answers)
    it(`E48 ${name}: ${verdict}`, () => expectVerdict(verdict, gpu, look));

  describe('E49 LibTorch where the user has it', () => {
    const variable = 'VOXHOST_TEST_LIBTORCH';
    const library: LibraryRequirement = {
      name: 'libtorch',
      soname: 'libtorch.so',
      version: '=2.6.0',
      build: 'cu128-cxx11abi',
      source: 'user',
      env: variable,
    };
    afterEach(() => {
      delete process.env[variable];
    });
    const torch = (version: string | undefined, abi: 0 | 1) => (zoo: Zoo) => {
      requiring({ libraries: [library] })(zoo);
      zoo.folder.write('torch/lib/libtorch.so', '');
      if (version !== undefined) zoo.folder.write('torch/build-version', `${version}\n`);
      const flags = `set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=${abi}")`;
      zoo.folder.write('torch/share/cmake/Torch/TorchConfig.cmake', flags);
      process.env[variable] = `${zoo.folder.path}/torch`;
    };
    const rows: readonly (readonly [string, string, (zoo: Zoo) => void])[] = [
      ['2.6.0+cu128', COMPATIBLE, torch('2.6.0+cu128', 1)],
      ['2.6.0+cu126', 'require: library-mismatch', torch('2.6.0+cu126', 1)],
      ['2.6.0+cu128 of the other C++ ABI', 'require: library-mismatch', torch('2.6.0+cu128', 0)],
      ['2.6.1+cu128', 'require: library-mismatch', torch('2.6.1+cu128', 1)],
      ['of no version', 'require: library-mismatch', torch(undefined, 1)],
      ['no variable', 'require: missing-library', requiring({ libraries: [library] })],
      [
        'a variable that leads nowhere',
        'require: missing-library',
        (zoo) => {
          requiring({ libraries: [library] })(zoo);
          process.env[variable] = '/nowhere/torch';
        },
      ],
    ];
    for (const [name, verdict, plant] of rows)
      it(`${name}: ${verdict}`, () => expectVerdict(verdict, plant));
  });

  it('E50 a driver that comes or goes changes the verdict at the next look', async () => {
    using zoo = new Zoo();
    driver('full')(zoo);
    assert.equal(await zoo.verdict({ machine: { drivers: {} } }), 'require: missing-hardware');
    assert.equal(await zoo.verdict(with_('570.26')), COMPATIBLE);
    assert.equal(await zoo.verdict({ machine: { drivers: {} } }), 'require: missing-hardware');
  });
});
