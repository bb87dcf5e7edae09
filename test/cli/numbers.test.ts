import assert from 'node:assert/strict';
import {
  collect,
  parseChoice,
  parseCount,
  parseEdge,
  parseNames,
  parseSize,
  parseSpacing,
} from '#host/cli/numbers.js';

const NOT_NUMBERS = [
  '',
  ' ',
  'x',
  '0x10',
  '1e',
  '1e999',
  'NaN',
  'Infinity',
  '1_000',
  '1.2.3',
  '--2',
];

describe('numbers on the command line', () => {
  it('a spacing is one positive number or one per axis', () => {
    assert.deepEqual(parseSpacing('2'), [2]);
    assert.deepEqual(parseSpacing('0.5,2,1e-1'), [0.5, 2, 0.1]);
    assert.deepEqual(parseSpacing(' 1 , .5'), [1, 0.5]);
  });

  it('a spacing refuses what is no number, zero, negative, or has four axes', () => {
    for (const text of [...NOT_NUMBERS, '1,,1', '1,1,', '0,1,1', '-1', '1,1,1,1']) {
      assert.throws(() => parseSpacing(text), { code: 'commander.invalidArgument' }, text);
    }
  });

  it('the edge of a picture is whole, and no larger than a picture can be', () => {
    assert.equal(parseEdge('300'), 300);
    for (const text of ['0', '1.5', '16385', '1e9']) {
      assert.throws(() => parseEdge(text), { code: 'commander.invalidArgument' }, text);
    }
  });

  it('a size is whole and at least 1', () => {
    assert.deepEqual(parseSize('64'), [64]);
    assert.deepEqual(parseSize('64,32,1'), [64, 32, 1]);
    for (const text of [...NOT_NUMBERS, '0', '1.5', '-3,1,1', '1e300']) {
      assert.throws(() => parseSize(text), { code: 'commander.invalidArgument' }, text);
    }
  });

  it('a count is whole and at least 1', () => {
    assert.equal(parseCount('8'), 8);
    for (const text of [...NOT_NUMBERS, '0', '-1', '2.5', '1,2']) {
      assert.throws(() => parseCount(text), { code: 'commander.invalidArgument' }, text);
    }
  });

  it('a choice is one of those listed, and the refusal lists them', () => {
    const parse = parseChoice(['allow', 'never']);
    assert.equal(parse('never'), 'never');
    assert.throws(() => parse('maybe'), /allow, never/);
  });

  it('names are trimmed, and none is empty', () => {
    assert.deepEqual(parseNames('cuda, cpu'), ['cuda', 'cpu']);
    for (const text of ['', 'cuda,', ',']) {
      assert.throws(() => parseNames(text), { code: 'commander.invalidArgument' }, text);
    }
  });

  it('a repeatable option keeps its order', () => {
    assert.deepEqual(collect('b', collect('a')), ['a', 'b']);
  });
});
