import assert from 'node:assert/strict';
import { isShown, logLine, parseLogFilter } from '#host/log-filter.js';

describe('VOXHOST_LOG', () => {
  it('shows warnings and errors without it', () => {
    const filter = parseLogFilter();
    assert.deepEqual(
      (['debug', 'info', 'warn', 'error'] as const).map((level) => isShown(filter, level, 'x')),
      [false, false, true, true],
    );
  });

  it('takes a level for all, and one for a source', () => {
    const filter = parseLogFilter('error, loading:debug,org.example.a:info');
    assert.equal(isShown(filter, 'debug', 'loading'), true);
    assert.equal(isShown(filter, 'info', 'org.example.a'), true);
    assert.equal(isShown(filter, 'warn', 'routing'), false);
  });

  it('leaves out what means nothing', () => {
    assert.deepEqual(parseLogFilter(':,loud,loading:loud,,'), parseLogFilter());
  });

  it('lets no plugin move the cursor or write a line of its own', () => {
    const line = { level: 'info', source: 'x', text: 'a\r\nvoxhost: error: lie\x1b[2J' } as const;
    assert.equal(
      logLine(parseLogFilter(), line),
      'voxhost: info: x: a | voxhost: error: lie\\x1b[2J',
    );
  });

  it('writes one line, as text or as JSON', () => {
    const line = { level: 'warn', source: 'loading', text: 'a\n b' } as const;
    assert.equal(logLine(parseLogFilter(), line), 'voxhost: warn: loading: a | b');
    const { time, ...rest } = JSON.parse(logLine(parseLogFilter('json'), line));
    assert.deepEqual(rest, line);
    assert.ok(!Number.isNaN(Date.parse(time)));
  });
});
