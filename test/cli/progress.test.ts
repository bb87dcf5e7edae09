import assert from 'node:assert/strict';
import { Progress, progressLine } from '#host/cli/progress.js';

const terminal = (interactive: boolean, lines: string[]) => ({
  out: () => assert.fail('progress is no result'),
  err: (text: string) => void lines.push(text),
  interactive,
  env: {},
  signal: new AbortController().signal,
});

describe('progress', () => {
  it('is a bar where the fraction is known, and clamps it', () => {
    assert.equal(
      progressLine('resampling', 0.5, 3),
      `resampling [${'#'.repeat(12)}${' '.repeat(12)}] 50 %  3 s`,
    );
    assert.match(progressLine('resampling', 7, 3), /100 %/);
    assert.equal(progressLine('reading', undefined, 2), 'reading ...  2 s');
  });

  it('draws on a terminal after a second, and leaves a clean line', () => {
    const lines: string[] = [];
    let nowMs = 0;
    {
      using progress = new Progress(terminal(true, lines), false, () => nowMs);
      progress.phase('resampling');
      progress.advance(0.1);
      assert.deepEqual(lines, [], 'nothing before a second');
      nowMs = 1500;
      progress.advance(0.25);
      assert.equal(lines.length, 1);
      assert.match(lines[0], /resampling .* 25 %/);
      progress.advance(0.26);
      assert.equal(lines.length, 1, 'ten times a second at most');
    }
    assert.equal(lines.at(-1), '\r\u001b[2K');
  });

  it('is silent off a terminal and when told to be', () => {
    for (const [interactive, quiet] of [
      [false, false],
      [true, true],
    ] as const) {
      const lines: string[] = [];
      let nowMs = 0;
      using progress = new Progress(terminal(interactive, lines), quiet, () => nowMs);
      nowMs = 5000;
      progress.phase('resampling');
      progress.advance(0.5);
      assert.deepEqual(lines, []);
    }
  });
});
