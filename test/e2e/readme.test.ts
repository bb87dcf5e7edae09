import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runVoxhost, start } from '../support/run-voxhost.js';
import { scratchFolder } from '../support/scratch.js';

/** A fenced block: its language, what follows the language, its text. */
interface Block {
  readonly readme: string;
  readonly language: string;
  /** `fragment`: shown only. */
  readonly note: string;
  readonly text: string;
}

const READMES = [
  'README.md',
  'sdk/README.md',
  'host/README.md',
  'plugins/cpu/README.md',
  'plugins/cuda/README.md',
  'plugins/impact/README.md',
].filter(existsSync);
const WORKSHOP = resolve('.build/readme');

/** Files that examples may read. */
const VOLUMES = ['head.nii.gz', 'ct.nii.gz', 'mr.nii.gz'];

async function folderWithVolumes(): ReturnType<typeof scratchFolder> {
  const folder = await scratchFolder();
  for (const name of VOLUMES) {
    assert.equal((await runVoxhost(['phantom', name], folder.path)).exitCode, 0);
  }
  return folder;
}

async function blocksOf(readme: string): Promise<readonly Block[]> {
  const text = await readFile(readme, 'utf8');
  return [...text.matchAll(/^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    readme,
    language: match[1],
    note: match[2].trim(),
    text: match[3],
  }));
}

/** Compiles whole programs as a reader would, against the packages by name, and gives their modules. */
async function compile(programs: readonly Block[]): Promise<readonly string[]> {
  await rm(WORKSHOP, { recursive: true, force: true });
  await mkdir(WORKSHOP, { recursive: true });
  await Promise.all(
    programs.map(({ text }, i) => writeFile(join(WORKSHOP, `block-${i}.ts`), text)),
  );
  const options = { composite: false, outDir: 'out', rootDir: '.', declaration: false };
  const config = {
    extends: '../../tsconfig.base.json',
    compilerOptions: { ...options, declarationMap: false },
    include: ['*.ts'],
  };
  await writeFile(join(WORKSHOP, 'tsconfig.json'), JSON.stringify(config));
  const tsc = resolve('node_modules/typescript/bin/tsc');
  const argv = [tsc, '--project', WORKSHOP, '--pretty', 'false'];
  const { exitCode, out } = await start(process.execPath, argv, resolve('.')).ended;
  assert.equal(exitCode, 0, out);
  return programs.map((_, i) => join(WORKSHOP, 'out', `block-${i}.js`));
}

describe('examples in the READMEs', () => {
  it('TypeScript blocks compile and run as they stand', async function () {
    this.timeout(120_000);
    const blocks = (await Promise.all(READMES.map(blocksOf))).flat();
    const programs = blocks.filter(
      ({ language, note }) => language === 'ts' && note !== 'fragment',
    );
    assert.ok(programs.length >= 1, 'no example was found');
    await using folder = await folderWithVolumes();
    const modules = await compile(programs);
    for (const [i, path] of modules.entries()) {
      const { exitCode, err } = await start(process.execPath, [path], folder.path).ended;
      assert.equal(exitCode, 0, `${programs[i].readme}:\n${programs[i].text}\n${err}`);
    }
  });

  for (const readme of READMES) {
    it(`command lines of ${readme} run as they stand`, async function () {
      this.timeout(120_000);
      const shells = (await blocksOf(readme)).filter(
        ({ language, note }) => language === 'sh' && note !== 'fragment',
      );
      const lines = shells.flatMap(({ text }) => text.split('\n'));
      const commands = lines.filter((line) => /^(npx )?voxhost /.test(line));
      await using folder = await folderWithVolumes();
      for (const line of commands) {
        const argv = line
          .replace(/\s+#.*$/, '')
          .replace(/^(npx )?voxhost /, '')
          .split(/\s+/);
        const { exitCode, err } = await runVoxhost(argv, folder.path);
        assert.equal(exitCode, 0, `${line}\n${err}`);
      }
    });
  }
});
