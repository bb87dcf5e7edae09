import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  EMBEDDED_CHILD,
  type Launched,
  type LaunchMachine,
  planLaunch,
} from '#host/loading/process/launch-plan.js';

const machine: LaunchMachine = {
  platform: 'linux',
  environment: { PATH: process.env['PATH'], NODE_OPTIONS: '--require ./planted.js' },
  temporaryFolder: '/tmp',
  node: { file: process.execPath, permissionFlag: '--experimental-permission' },
};

const plugin: Launched = {
  type: 'esm',
  root: '/plugins/with "quotes", blanks and \\',
  path: '/plugins/with "quotes", blanks and \\/plugin.js',
  args: [],
  permissions: {},
  libraryFolders: [],
};

describe('a child of the single executable', () => {
  it('is the executable with one word, its options in NODE_OPTIONS, and none that are inherited', () => {
    const plan = planLaunch(plugin, machine, 'mark');
    assert.deepEqual(plan.args, [EMBEDDED_CHILD]);
    assert.match(plan.env['NODE_OPTIONS'], /--experimental-permission/);
    assert.doesNotMatch(plan.env['NODE_OPTIONS'], /planted/);
  });

  it('has its folder allowed and no other, whatever characters its path has', () => {
    const { env } = planLaunch(plugin, machine, 'mark');
    const asked = [`${plugin.root}/plugin.js`, '/etc/passwd'];
    const program = `console.log(JSON.stringify(${JSON.stringify(asked)}.map((path) => process.permission.has('fs.read', path))))`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], {
      env: env as NodeJS.ProcessEnv,
      encoding: 'utf8',
    });
    assert.equal(stdout.trim(), '[true,false]', stderr);
  });

  it('of an ordinary Node.js, the options are arguments', () => {
    const plan = planLaunch(plugin, { ...machine, childFile: '/host/child.js' }, 'mark');
    assert.equal(plan.args.at(-1), '/host/child.js');
    assert.equal(plan.env['NODE_OPTIONS'], undefined);
  });
});
