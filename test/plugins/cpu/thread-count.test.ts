import assert from 'node:assert/strict';
import { parseQuota, quotaFiles, threadsWithin } from '#cpu/thread-count.js';

describe('the number of threads of the cpu plugin', () => {
  it('is what is allowed, there, and granted, whichever is least, and at least one', () => {
    assert.equal(threadsWithin(8, 4, []), 4);
    assert.equal(threadsWithin(3, 4, []), 3);
    assert.equal(threadsWithin(8, 16, [5, 2.5]), 3);
    assert.equal(threadsWithin(8, 16, [0.1]), 1);
  });

  it('asks every control group around the process, of either version', () => {
    assert.deepEqual(quotaFiles('0::/user.slice/job\n'), [
      ['/sys/fs/cgroup/cpu.max'],
      ['/sys/fs/cgroup/user.slice/cpu.max'],
      ['/sys/fs/cgroup/user.slice/job/cpu.max'],
    ]);
    const first = '5:cpu,cpuacct:/docker/ab\n3:cpuset:/\n1:name=systemd:/docker/ab\n';
    assert.deepEqual(
      quotaFiles(first).map(([quota]) => quota),
      ['', '/docker', '/docker/ab'].map((group) => `/sys/fs/cgroup/cpu${group}/cpu.cfs_quota_us`),
    );
    assert.deepEqual(quotaFiles(''), []);
  });

  it('reads quota and period', () => {
    assert.equal(parseQuota('150000 100000\n'), 1.5);
    assert.equal(parseQuota('max 100000\n'), undefined);
    assert.equal(parseQuota('-1\n 100000\n'), undefined);
    assert.equal(parseQuota(' '), undefined);
  });
});
