import { dirname, join } from 'node:path';
import { isRecord } from '../compatibility/check-shape.js';
import type { PluginSource } from '../files/plugin-source.js';

/** What a project's package.json names (layer 5): files of manifests, and remarks. Never a crawl of node_modules. */
export interface ProjectPlugins {
  readonly manifests: readonly string[];
  readonly notes: readonly string[];
}

/** Most bytes of a package.json that is looked at. */
const PACKAGE_BYTES = 4 * 1024 * 1024;
const DEPENDENCIES = ['dependencies', 'optionalDependencies', 'devDependencies'] as const;

/** Reads the nearest package.json at or above a folder: its `voxhost.plugins`, and each direct dependency with a `voxhost.manifest`. */
export async function readProject(source: PluginSource, start: string): Promise<ProjectPlugins> {
  const folder = await nearestPackage(source, start);
  if (folder === undefined) return { manifests: [], notes: [] };
  const content = await readPackage(source, folder);
  if (content === undefined)
    return { manifests: [], notes: [`${join(folder, 'package.json')} cannot be read as JSON`] };
  const manifests: string[] = [];
  const notes: string[] = [];
  const named = pluginsOf(content);
  const names = [...new Set([...named, ...dependenciesOf(content)])];
  const all = await Promise.all(names.map((name) => manifestOf(source, folder, name)));
  for (const [n, name] of names.entries()) {
    const { path, note } = all[n] ?? {};
    if (path !== undefined) manifests.push(path);
    if (note !== undefined) notes.push(note);
    else if (path === undefined && named.includes(name))
      notes.push(
        `${join(folder, 'package.json')} names the plugin "${name}", which is not installed`,
      );
  }
  return { manifests, notes };
}

async function nearestPackage(source: PluginSource, start: string): Promise<string | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    const facts = await source.stat(join(folder, 'package.json'));
    if (facts?.kind === 'file') return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** @param mention - text without which the file says nothing that is asked for, and is not parsed */
async function readPackage(
  source: PluginSource,
  folder: string,
  mention = '',
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const bytes = await source.read(join(folder, 'package.json'), PACKAGE_BYTES);
    const text = new TextDecoder().decode(bytes);
    if (!text.includes(mention)) return undefined;
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function pluginsOf(content: Readonly<Record<string, unknown>>): readonly string[] {
  const own = content['voxhost'];
  const plugins = isRecord(own) ? own['plugins'] : undefined;
  return Array.isArray(plugins) ? plugins.filter((name) => typeof name === 'string') : [];
}

const dependenciesOf = (content: Readonly<Record<string, unknown>>): readonly string[] =>
  DEPENDENCIES.flatMap((kind) => {
    const named = content[kind];
    return isRecord(named) ? Object.keys(named) : [];
  });

/** A package's name in npm's grammar; anything else could point outside node_modules. */
const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;

/** What a package has of a plugin. */
interface FoundManifest {
  readonly path?: string;
  /** Why the manifest that it names is none. */
  readonly note?: string;
}

/** The manifest that an installed package names, its folder made real; undefined where it names none. */
async function manifestOf(
  source: PluginSource,
  project: string,
  name: string,
): Promise<FoundManifest | undefined> {
  if (!PACKAGE_NAME.test(name)) return undefined;
  for (let folder = project; ; folder = dirname(folder)) {
    const installed = join(folder, 'node_modules', name);
    if ((await source.stat(installed)) !== undefined) return manifestIn(source, installed);
    if (dirname(folder) === folder) return undefined;
  }
}

async function manifestIn(
  source: PluginSource,
  installed: string,
): Promise<FoundManifest | undefined> {
  const content = await readPackage(source, installed, 'voxhost');
  const own = content?.['voxhost'];
  const manifest = isRecord(own) ? own['manifest'] : undefined;
  if (typeof manifest !== 'string') return undefined;
  const folder = await source.real(installed);
  const path = join(folder, manifest);
  const isBelow = path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`);
  if (isBelow && (await source.stat(path)) !== undefined) return { path };
  const why = isBelow ? 'is not there' : 'is outside of the package';
  const note = `${join(folder, 'package.json')} names the manifest ${manifest}, which ${why}`;
  return isLinked(folder) ? undefined : { note };
}

/** A package that is worked on, linked into its workspace, has its manifest made when it is packed. */
const isLinked = (folder: string): boolean => !/[\\/]node_modules[\\/]/.test(folder);
