import type { Layer } from './catalogue.js';

/** Where to look, in the order of precedence. */
export interface SearchPlace {
  readonly layer: Layer;
  /** `path`: a manifest or a folder of them; `project`: a folder whose package.json names plugins. */
  readonly kind: 'path' | 'project';
  /** Absolute. */
  readonly path: string;
  /** Who named it: an option, a variable, a default. */
  readonly origin: string;
  /** Did the user name this very manifest? Then no other stands in for it. */
  readonly explicit: boolean;
  readonly source: 'disk' | 'assets';
}

/** All that the search depends on, as data: never the current directory. */
export interface SearchEnvironment {
  /** Absolute paths of the API or the command line, in order. */
  readonly pluginPaths: readonly string[];
  /** Folder whose package.json counts, or the nearest one above it. */
  readonly project?: string;
  /** Real path of the host's package; undefined in a single executable. */
  readonly hostPackage?: string;
  /** Folder of the embedded plugins, in a single executable. */
  readonly assets?: string;
}

/** Where to look for plugins. Pure. */
export function searchLayers(environment: SearchEnvironment): readonly SearchPlace[] {
  const { pluginPaths, project, hostPackage, assets } = environment;
  const disk = { explicit: false, source: 'disk' } as const;
  const start = project ?? above(hostPackage);
  return [
    ...pluginPaths.map(
      (path): SearchPlace => ({
        layer: 1,
        kind: 'path',
        path,
        origin: '--plugin-path',
        explicit: true,
        source: 'disk',
      }),
    ),
    ...some(start, (path) => ({
      layer: 5,
      kind: 'project',
      path,
      origin: 'package.json',
      ...disk,
    })),
    ...some(checkoutManifests(hostPackage), (path) => ({
      layer: 7,
      kind: 'path',
      path,
      origin: 'bundled',
      ...disk,
    })),
    ...some(assets, (path) => ({
      layer: 7,
      kind: 'path',
      path,
      origin: 'embedded',
      explicit: false,
      source: 'assets',
    })),
  ];
}

const some = (
  path: string | undefined,
  place: (path: string) => SearchPlace,
): readonly SearchPlace[] => (path === undefined ? [] : [place(path)]);

const partsOf = (path: string): readonly string[] => path.split(/[\\/]/);

/** The folder above, in the writing of the path's own system. */
function above(path: string | undefined, ...below: readonly string[]): string | undefined {
  if (path === undefined) return undefined;
  return [...partsOf(path).slice(0, -1), ...below].join(path.includes('\\') ? '\\' : '/');
}

/**
 * `manifests/` beside the host's package in a checkout. An installed package has strangers beside it, whose
 * files must not be taken for bundled ones.
 */
const checkoutManifests = (hostPackage: string | undefined): string | undefined =>
  hostPackage !== undefined && partsOf(hostPackage).includes('node_modules')
    ? undefined
    : above(hostPackage, 'manifests');
