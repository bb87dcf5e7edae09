import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Folders that decide. What they need of the world is handed to them, or read by a file that says so in its name. */
const PURE = [
  'binary',
  'compatibility',
  'cost',
  'doctor',
  'geometry',
  'lazy',
  'metric',
  'picture',
  'pipelines',
  'routing',
  'transforms',
];

/** Files that may touch the world. */
const EDGE = /^(?:read|write|load|execute)-/;

/** Modules, globals and doors of this repository through which the world is touched. */
const WORLD =
  /from 'node:(?:fs|child_process|dgram|dns|http2?|https|net|os|readline|tls|tty|worker_threads)(?:\/[a-z]+)?'|\bprocess\.(?:env|argv|cwd|chdir|exit|kill|on|once|report|std(?:in|out|err))\b|nodeChildProcess|\bfetch\(|Math\.random|Date\.now/;

/** Fewer files than this, and the test looked at the wrong place. */
const AT_LEAST = 150;

interface Source {
  readonly path: string;
  readonly text: string;
}

async function sourcesBelow(folder: string): Promise<readonly Source[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, 'utf8') })));
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

describe('the core is pure, the edges act', () => {
  it('in folders that decide, only read-*, write-*, load-* and execute-* touch the world', async () => {
    const folders = [...PURE.map((folder) => join('host/src', folder)), 'sdk/src'];
    const sources = (await Promise.all(folders.map(sourcesBelow))).flat();
    assert.ok(sources.length >= AT_LEAST, `${sources.length} files were seen`);
    const acting = sources.filter(({ text }) => WORLD.test(withoutComments(text)));
    const wrong = acting.filter(({ path }) => !EDGE.test(basename(path)));
    assert.deepEqual(
      wrong.map(({ path }) => path),
      [],
    );
    assert.ok(acting.length > 0, 'what acts is seen');
  });

  it('errors of the two vocabularies are told apart by their code, never by instanceof', async () => {
    const plugins = (await readdir('plugins')).map((name) => join('plugins', name, 'src'));
    const sources = (
      await Promise.all(['sdk/src', 'host/src', ...plugins].map(sourcesBelow))
    ).flat();
    const wrong = sources.filter(({ text }) =>
      /instanceof (?:VoxhostError|HostError)\b/.test(text),
    );
    assert.deepEqual(
      wrong.map(({ path }) => path),
      [],
    );
  });
});
