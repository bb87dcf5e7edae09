// The command line's bundle: one file for the program, one for what judges plugins, and what loads on demand.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** What every command needs, and what `plugins list` needs besides: nearly every command a part of it. */
const SHARED = ['host/dist/cli/run-process.js', 'host/dist/cli/plugins-list.js'];

/**
 * esbuild makes a file of what the same entries reach. Since every command reaches another part of what is shared, that
 * would fall into thirty files, each of which costs a start 0.4 ms. Here every entry reaches all of it, so it is two.
 */
const sharedInOneFileEach = (root, entries) => ({
  name: 'shared in one file each',
  setup({ onLoad }) {
    const shared = SHARED.map((path) => join(root, path));
    const imports = shared.map((path) => `import ${JSON.stringify(path)};\n`).join('');
    const others = new Set(entries.map((entry) => join(root, entry)));
    for (const path of shared) others.delete(path);
    onLoad({ filter: /\.js$/ }, ({ path }) =>
      others.has(path) ? { contents: imports + readFileSync(path, 'utf8') } : undefined,
    );
  },
});

/** Commander requires this at its top, for subcommands that are programs of their own; loading it costs 2 ms. */
const childProcessOnDemand = {
  name: 'child_process on demand',
  setup({ onResolve, onLoad }) {
    const namespace = 'on-demand';
    onResolve({ filter: /^node:child_process$/ }, ({ kind, path }) =>
      kind === 'require-call' ? { path, namespace } : undefined,
    );
    onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: `exports.spawn = (...line) => process.getBuiltinModule('${path}').spawn(...line);`,
    }));
  },
};

/** Bundles the compiled command line of the repository at `root` into host/bundle/. */
export async function bundleHost(root) {
  const main = join(root, 'host/dist/cli/main.js');
  const outdir = join(root, 'host/bundle');
  const options = {
    absWorkingDir: root,
    entryPoints: { cli: main },
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    metafile: true,
    // What CommonJS libraries require are Node's own modules; a createRequire in every file would cost start-up.
    banner: { js: 'const require = (name) => process.getBuiltinModule(name);' },
  };
  const { metafile } = await build({ ...options, write: false });
  const onDemand = Object.values(metafile.outputs)
    .map(({ entryPoint }) => entryPoint)
    .filter((entry) => entry !== undefined && join(root, entry) !== main);
  // Files are named by their content: those of an older build would stay and be shipped.
  rmSync(outdir, { recursive: true, force: true });
  await build({ ...options, plugins: [sharedInOneFileEach(root, onDemand), childProcessOnDemand] });
}
