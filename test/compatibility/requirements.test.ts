import assert from 'node:assert/strict';
import type { LibraryRequirement } from '@voxhost/sdk';
import { memorySource } from '#host/binary/byte-view.js';
import { parseBinary } from '#host/binary/parse-binary.js';
import type { LibraryFacts } from '#host/compatibility/library-facts.js';
import type { MachineFacts } from '#host/compatibility/machine-facts.js';
import { buildPe } from '../support/binary-builder.js';
import { addonTarget, cases, Facts, type Given, good, judged } from './judged-subject.js';

describe('requirements, as they were found', () => {
  describe('10 drivers', () => {
    const driver = (
      found: string | undefined,
      needs: 'full' | 'sass' = 'full',
      os = 'linux',
    ): Given => ({
      target: {
        ...addonTarget,
        os,
        requires: {
          drivers: [
            os === 'win32'
              ? { name: 'nvidia', min: '570.65', compatMin: '528.33', needs }
              : { name: 'nvidia', min: '570.26', compatMin: '525.60.13', needs },
          ],
        },
      },
      machine: { os, drivers: found === undefined ? {} : { nvidia: found } },
      ...(os === 'win32'
        ? {
            subject: {
              binaries: new Map([['a.node', parseBinary(memorySource(buildPe({})))]]),
            },
          }
        : {}),
    });
    cases([
      ['none', driver(undefined), 'require: missing-hardware'],
      ['exactly the least', driver('570.26'), good],
      ['one below', driver('570.25'), 'require: driver-too-old'],
      ['570.124.06 is above 570.26', driver('570.124.06'), good],
      ['570.9 is below 570.26', driver('570.9'), 'require: driver-too-old'],
      ['of the next major', driver('580.65.06'), good],
      ['compatible, but full is needed', driver('535.54'), 'require: driver-too-old'],
      ['compatible is enough', driver('535.54', 'sass'), good],
      ['exactly the compatible', driver('525.60.13', 'sass'), good],
      ['below the compatible', driver('525.60.12', 'sass'), 'require: driver-too-old'],
      ['not told', driver(''), 'require: driver-too-old'],
      ['N/A', driver('N/A'), 'require: driver-too-old'],
      ['Windows, in NVIDIA’s numbers', driver('570.65', 'full', 'win32'), good],
      ['Windows, in its own numbers: 572.47', driver('32.0.15.7247', 'full', 'win32'), good],
      [
        'Windows, in its own numbers: 560.94',
        driver('32.0.15.6094', 'full', 'win32'),
        'require: driver-too-old',
      ],
    ]);
  });

  describe('10 libraries', () => {
    const library: LibraryRequirement = {
      name: 'libtorch',
      version: '=2.6.0',
      build: 'cu128-cxx11abi',
      source: 'user',
      env: 'LIBTORCH_HOME',
    };
    const torch = (facts: LibraryFacts | undefined): Given => {
      const targets = [{ ...addonTarget, requires: { libraries: [library] } }];
      // facts belong to the requirement as it was read, so that the subject must be read first
      return {
        manifest: { targets },
        subject: facts === undefined ? {} : { libraries: new Facts(facts) },
      };
    };
    const copy = (version: string, build = 'cu128-cxx11abi', path = '/opt/torch') => ({
      path,
      version,
      build,
    });
    cases([
      ['the very build', torch({ copies: [copy('2.6.0')], searched: [] }), good],
      [
        'another build',
        torch({ copies: [copy('2.6.0', 'cu126-cxx11abi')], searched: [] }),
        'require: library-mismatch',
      ],
      [
        'a patch later',
        torch({ copies: [copy('2.6.1')], searched: [] }),
        'require: library-mismatch',
      ],
      [
        'the first of two counts',
        torch({ copies: [copy('2.6.1'), copy('2.6.0')], searched: [] }),
        'require: library-mismatch',
      ],
      [
        'nowhere',
        torch({ copies: [], searched: ['LIBTORCH_HOME=/gone'] }),
        'require: missing-library',
      ],
      [
        'of unknown version',
        torch({ copies: [{ path: '/x' }], searched: [] }),
        'require: library-mismatch',
      ],
    ]);

    const bundled = (drivers: MachineFacts['drivers']): Given => ({
      target: {
        ...addonTarget,
        requires: {
          drivers: [{ name: 'nvidia', min: '410.48' }],
          libraries: [{ name: 'kernels', kind: 'file', soname: 'k.ptx', source: 'bundled' }],
        },
      },
      machine: { drivers },
      subject: { libraries: new Facts({ copies: [], searched: ['/plugin'] }) },
    });
    cases([
      [
        'a part of the plugin that is not there',
        bundled({ nvidia: '580.65' }),
        'require: missing-file',
      ],
      ['the same, before what the machine lacks', bundled({}), 'require: missing-file'],
    ]);

    it('tells of a second copy', () => {
      const two = { copies: [copy('2.6.0'), copy('2.6.0', 'x', '/usr/lib')], searched: [] };
      const notes = judged(torch(two)).verdict.notes.map(({ text }) => text);
      assert.match(notes.join(), /there is another at \/usr\/lib/);
    });

    it('says where it was searched and which variable would help', () => {
      const { evidence, fix } = judged(
        torch({ copies: [], searched: ['LIBTORCH_HOME=/gone'] }),
      ).verdict;
      assert.match(String(evidence.found), /LIBTORCH_HOME=\/gone/);
      assert.match(fix[0]?.text ?? '', /set LIBTORCH_HOME/);
    });
  });

  describe('10 devices', () => {
    const devices = (found: MachineFacts['devices']): Given => ({
      target: {
        requires: {
          devices: [{ class: 'cuda', min: 1, computeCapability: '>=7.0', memoryMiB: 2048 }],
        },
      },
      machine: found === undefined ? {} : { devices: found },
    });
    const gpu = { class: 'cuda', name: 'GPU', computeCapability: '8.6', memoryMiB: 24_000 };
    cases([
      ['one that fits', devices([gpu]), good],
      ['none', devices([]), 'require: missing-hardware'],
      ['of another class', devices([{ ...gpu, class: 'rocm' }]), 'require: missing-hardware'],
      ['too old', devices([{ ...gpu, computeCapability: '6.1' }]), 'require: missing-hardware'],
      ['capability 10 is above 7', devices([{ ...gpu, computeCapability: '10.0' }]), good],
      ['too small', devices([{ ...gpu, memoryMiB: 1024 }]), 'require: missing-hardware'],
      ['busy', devices([{ ...gpu, busy: 'Prohibited' }]), 'require: busy'],
      ['the second is free', devices([{ ...gpu, busy: 'Prohibited' }, gpu]), good],
    ]);

    it('nobody could be asked: unchecked', () =>
      assert.deepEqual(judged(devices(undefined)).verdict.unchecked, ['require']));
    it('counted only: unchecked', () =>
      assert.deepEqual(judged(devices([{ class: 'cuda', name: 'GPU' }])).verdict.unchecked, [
        'require',
      ]));
  });
});
