import type { Manifest } from '@voxhost/sdk';
import { readDocument } from '../compatibility/document.js';
import { ArchiveFault } from '../packing/read-archive.js';
import { type PluginFile, sealOf } from '../packing/seal.js';

/** A plugin whose files are those that its manifest seals. */
export interface VerifiedPackage {
  readonly manifest: Manifest;
  /** The manifest first, then the sealed files; nothing else. */
  readonly files: readonly PluginFile[];
}

const SUFFIX = '.plugin.json';

/** What npm adds to every archive, and people to every folder: left out, since no code. */
const HARMLESS = /^(package\.json|(readme|licen[cs]e|changelog|notice)(\.\w+)?)$/i;

/** Compares every file with the seal of the only manifest at the top. Pure. Throws `ArchiveFault`. */
export function verifyPackage(files: readonly PluginFile[]): VerifiedPackage {
  const manifests = files.filter(({ path }) => path.endsWith(SUFFIX) && !path.includes('/'));
  const [file] = manifests;
  if (file === undefined || manifests.length > 1) {
    throw new ArchiveFault(`has ${manifests.length} manifests (*${SUFFIX}) at its top, not one`);
  }
  const manifest = readManifest(file);
  const sealed = manifest.targets.flatMap((target) => target.files ?? []);
  if (sealed.length === 0) throw new ArchiveFault('has a manifest that is not sealed');
  const byPath = new Map(files.map((each) => [each.path, each]));
  const kept = new Map<string, PluginFile>();
  for (const seal of sealed) {
    const found = byPath.get(seal.path);
    if (found === undefined) throw new ArchiveFault(`lacks ${seal.path}, which its manifest lists`);
    const { size, sha256 } = sealOf(found);
    if (size !== seal.size || sha256 !== seal.sha256) {
      throw new ArchiveFault(`has a ${seal.path} that is not the one its manifest seals`);
    }
    kept.set(seal.path, found);
  }
  const stranger = files.find((e) => e !== file && !kept.has(e.path) && !HARMLESS.test(e.path));
  if (stranger !== undefined) {
    throw new ArchiveFault(`has ${stranger.path}, which its manifest does not list`);
  }
  return { manifest, files: [file, ...kept.values()] };
}

function readManifest(file: PluginFile): Manifest {
  const document = readDocument(file.bytes, file.path);
  if (!document.ok) {
    const { verdict, evidence } = document.refusal;
    const found = JSON.stringify(evidence.found);
    const where = evidence.where ?? file.path;
    throw new ArchiveFault(
      `is ${verdict}: expected ${evidence.expected}, found ${found} at ${where}`,
    );
  }
  const { manifest } = document;
  if (file.path !== manifest.id + SUFFIX) {
    throw new ArchiveFault(`has a manifest of ${manifest.id} that is named ${file.path}`);
  }
  if ((manifest.root ?? '.') !== '.')
    throw new ArchiveFault('has a manifest whose root is not "."');
  return manifest;
}
