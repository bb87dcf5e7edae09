import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Manifest, Target } from '@voxhost/sdk';
import type { MachineFacts } from '#host/compatibility/machine-facts.js';
import { DEFAULT_POLICY, type Policy } from '#host/compatibility/policy.js';
import { readMachineFacts } from '#host/compatibility/read-machine-facts.js';
import type { CatalogueEntry, Layer } from '#host/discovery/catalogue.js';
import { discoverPlugins } from '#host/discovery/discover.js';
import type { SearchPlace } from '#host/discovery/search-layers.js';
import { createDiskSource } from '#host/files/disk-source.js';
import type { PluginSource } from '#host/files/plugin-source.js';
import { STAGES } from '#host/verdict.js';
import { pluginSource } from '../support/fake-plugin.js';
import { manifestOf } from '../support/manifest-builder.js';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.js';

/** A plugin to plant: what is not said is as it should be. */
export interface Planted {
  readonly manifest?: Partial<Manifest>;
  readonly target?: Partial<Target>;
  /** Files beside the manifest; sealed as they are here. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Folder below the zoo; default the id. */
  readonly folder?: string;
}

/** How a zoo is looked at, where not by this machine's own facts. */
export interface Look {
  readonly layer?: Layer;
  readonly machine?: Partial<MachineFacts>;
  readonly policy?: Partial<Policy>;
  readonly depth?: 'quick' | 'full';
  readonly source?: PluginSource;
  readonly layers?: readonly SearchPlace[];
}

const PLUGINS = '.data/voxhost/plugins';
export const BAD = 'org.example.mm-bad';
const GOOD = ['org.example.aa-good', 'org.example.zz-good'] as const;

/** A folder of plugins, each of which leaves a canary when any of its code runs; good ones stand on either side. */
export class Zoo implements Disposable {
  readonly folder: TemporaryFolder = temporaryFolder();
  readonly canary = join(this.folder.path, 'canary');
  /** Where the user's plugins are for a process whose places of state are below the folder. */
  readonly root = join(this.folder.path, PLUGINS);
  /** The id that `BAD` stands for in what is planted, so that one zoo may have many bad plugins. As long as that. */
  bad = BAD;

  constructor() {
    for (const id of GOOD) this.plant(id);
  }

  [Symbol.dispose](): void {
    this.folder[Symbol.dispose]();
  }

  /** The file that a plugin makes when its code runs. */
  canaryOf(id: string): string {
    return `${this.canary}-${id}`;
  }

  /** Ids of the plugins whose code ran. */
  ran(): readonly string[] {
    const start = `${basename(this.canary)}-`;
    const names = readdirSync(this.folder.path).filter((name) => name.startsWith(start));
    return names.map((name) => name.slice(start.length)).sort();
  }

  /** Source of a module that betrays being imported. */
  code(manifest: Manifest): string {
    const canary = JSON.stringify(this.canaryOf(manifest.id));
    const onImport = `import { writeFileSync } from 'node:fs'; writeFileSync(${canary}, 'x');`;
    return pluginSource(manifest, { onImport });
  }

  /** Writes a sealed plugin; gives the path of its manifest. */
  plant(planted: string, { manifest = {}, target = {}, files, folder }: Planted = {}): string {
    const id = this.#own(planted);
    // what runs may leave its canary, also from a process of its own
    const permissions = { fs: { write: [this.folder.path] } };
    const whole = manifestOf({ id, permissions, ...manifest });
    const contents = files ?? { 'plugin.mjs': this.code(whole) };
    for (const [path, content] of Object.entries(contents))
      this.folder.write(join(PLUGINS, folder ?? id, path), content);
    const sealed: Target = {
      os: '*',
      cpu: '*',
      entry: { type: 'esm', path: 'plugin.mjs' },
      files: Object.entries(contents).map(([path, content]) => sealOf(path, content)),
      ...target,
    };
    const text = JSON.stringify({ ...whole, targets: [sealed], ...manifest }, null, 2);
    return this.raw(id, text, folder ?? id);
  }

  /** Writes any bytes as a manifest. */
  raw(planted: string, content: string | Uint8Array, folder = this.#own(planted)): string {
    const bytes = this.#own(Buffer.from(content).toString('latin1'));
    const path = join(PLUGINS, folder, `${this.#own(planted)}.plugin.json`);
    return this.folder.write(path, Buffer.from(bytes, 'latin1'));
  }

  #own(text: string): string {
    return text.replaceAll(BAD, this.bad);
  }

  async look({ layer = 4, machine, policy, depth = 'full', ...more }: Look = {}) {
    const place: SearchPlace = {
      layer,
      kind: 'path',
      path: this.root,
      origin: 'test',
      explicit: false,
      source: 'disk',
    };
    return discoverPlugins({
      layers: [place],
      facts: machine === undefined ? readMachineFacts() : { ...readMachineFacts(), ...machine },
      policy: { ...DEFAULT_POLICY, ...policy },
      source: createDiskSource(),
      depth,
      ...more,
    });
  }

  /**
   * Looks quickly and fully, and checks what must hold whatever the fault: the good plugins are unharmed and in
   * order, every refusal has evidence and a way out, and no code of any plugin ran.
   *
   * @returns the verdict of the bad plugin: `stage: word`
   */
  async verdict(look: Look = {}): Promise<string> {
    await this.#look({ ...look, depth: 'quick' });
    return verdictText(await this.#look(look));
  }

  async #look(look: Look): Promise<CatalogueEntry> {
    const { entries } = await this.look(look);
    const good = entries.filter(({ verdict }) => (GOOD as readonly unknown[]).includes(verdict.id));
    assert.deepEqual(
      good.map(({ verdict }) => [verdict.id, verdict.verdict]),
      GOOD.map((id) => [id, 'compatible']),
      'the good plugins',
    );
    assert.deepEqual(this.ran(), [], 'no code of a plugin ran');
    const bad = entries.find(({ path }) => path.includes(this.bad));
    assert.ok(bad !== undefined, 'the bad plugin is in the catalogue');
    const { severity, evidence, fix } = bad.verdict;
    if (severity !== 'ok') assert.notDeepEqual(evidence, {}, 'evidence');
    if (severity !== 'ok') assert.ok(fix.length > 0, 'a way out');
    return bad;
  }
}

export const verdictText = ({ verdict }: CatalogueEntry): string =>
  `${STAGES[verdict.stage]}: ${verdict.verdict}`;

export function sealOf(path: string, content: string | Uint8Array) {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { path, size: Buffer.byteLength(content), sha256 };
}

export const COMPATIBLE = 'require: compatible';

/** A fault that needs nothing but files: its name, the verdict `stage: word`, and what plants it as `BAD`. */
export type FileFault = readonly [name: string, verdict: string, plant: (zoo: Zoo) => unknown];

/** Plants by a function, looks, and expects a verdict. */
export async function expectVerdict(
  expected: string,
  plant: (zoo: Zoo) => unknown,
  look?: Look,
): Promise<void> {
  using zoo = new Zoo();
  plant(zoo);
  assert.equal(await zoo.verdict(look), expected);
}
