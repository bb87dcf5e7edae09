import assert from 'node:assert/strict';
import { renderExplanation } from '#host/cli/render-explanation.js';
import { formatBytes, formatMs, textTable } from '#host/cli/text-table.js';

describe('text output', () => {
  it('columns are as wide as their widest cell, and lines have no trailing blanks', () => {
    assert.equal(
      textTable([
        ['a', 'bb', ''],
        ['ccc', 'd', 'e'],
      ]),
      'a    bb\nccc  d   e\n',
    );
  });

  it('times and sizes have two digits and a unit', () => {
    assert.deepEqual([0.123, 1.26, 34.4, 2500, 89_000, 600_000, Number.NaN].map(formatMs), [
      '0.12 ms',
      '1.3 ms',
      '34 ms',
      '2.5 s',
      '89 s',
      '10 min',
      'unknown time',
    ]);
    assert.deepEqual([12, 1500, 2.5e6, 1e13].map(formatBytes), [
      '12 B',
      '1.5 kB',
      '2.5 MB',
      '10 TB',
    ]);
  });

  it('an explanation marks the chosen, and every refusal has its axis', () => {
    const text = renderExplanation({
      operation: 'resample',
      chosen: 'cpu',
      why: 'fastest predicted',
      candidates: [
        {
          backend: 'cpu',
          id: 'org.voxhost.cpu',
          version: '0.1.0',
          verdict: 'compatible',
          predictedMs: 12,
          basis: 'manifest',
        },
        {
          backend: 'cuda',
          id: 'org.voxhost.cuda',
          version: '0.1.0',
          verdict: 'missing-hardware',
          refused: { axis: 'verdict', reason: 'no device' },
        },
      ],
      hints: ['install a GPU'],
    });
    assert.deepEqual(text.split('\n'), [
      'resample: cpu serves; fastest predicted',
      '*  cpu   0.1.0  compatible        predicted 12 ms (manifest)',
      '   cuda  0.1.0  missing-hardware  refused by verdict: no device',
      'hint: install a GPU',
      '',
    ]);
  });
});
