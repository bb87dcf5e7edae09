import type { Layer } from './catalogue.js';
import { joinFor, type PlatformEnvironment, placesOf } from './platform-places.js';
import type { NamedPath, PluginSettings } from './plugin-settings.js';

/** Where to look, in the order of precedence. */
export interface SearchPlace {
  readonly layer: Layer;
  /** `path`: a manifest or a folder of them; `project`: a folder whose package.json names plugins. */
  readonly kind: 'path' | 'project';
  /** Absolute. */
  readonly path: string;
  /** Who named it: an option, a variable, a default. */
  readonly origin: string;
  /** Did the user name it? Then a manifest named so has no stand-in, and its absence is told. */
  readonly explicit: boolean;
  readonly source: 'disk' | 'assets';
}

/** All that the search depends on, as data: never the current directory. */
export interface SearchEnvironment extends PlatformEnvironment {
  /** Does the process have rights that its user has not? Then environment and user folders say nothing. */
  readonly elevated: boolean;
  readonly settings: PluginSettings;
  /** The lock file that the user gave. */
  readonly lock?: string;
  /** Folder whose package.json counts, or the nearest one above it. */
  readonly project?: string;
  /** Real path of the host's package; undefined in a single executable. */
  readonly hostPackage?: string;
  /** Folder of the embedded plugins, in a single executable. */
  readonly assets?: string;
}

/** Where to look for plugins on Linux, macOS and Windows, as manifests/README.md lists it. Pure. */
export function searchLayers(environment: SearchEnvironment): readonly SearchPlace[] {
  const { only } = environment.settings;
  if (only !== undefined) return only.value.filter(allowed(environment)).map(named);
  return [...namedPlaces(environment), ...usualPlaces(environment), ...bundledPlaces(environment)];
}

/** An elevated process hears only what was given to it directly. */
const allowed =
  ({ elevated }: SearchEnvironment) =>
  ({ layer }: NamedPath): boolean =>
    layer === 1 || !elevated;

const named = ({ path, origin, layer }: NamedPath): SearchPlace => ({
  layer,
  kind: 'path',
  path,
  origin,
  explicit: true,
  source: 'disk',
});

const usual = (layer: Layer, path: string, origin: string): SearchPlace => ({
  layer,
  kind: 'path',
  path,
  origin,
  explicit: false,
  source: 'disk',
});

const namedPlaces = (environment: SearchEnvironment): readonly SearchPlace[] =>
  environment.settings.add
    .filter(allowed(environment))
    .map(named)
    .sort((a, b) => a.layer - b.layer);

function usualPlaces(environment: SearchEnvironment): readonly SearchPlace[] {
  const { elevated, lock, project, hostPackage, platform } = environment;
  const { userPlugins, machinePlugins } = placesOf(environment);
  const start = project ?? (hostPackage === undefined ? undefined : above(platform, hostPackage));
  return [
    ...(lock === undefined ? [] : [usual(3, above(platform, lock), '--lock')]),
    ...(elevated ? [] : [usual(4, userPlugins, 'user')]),
    ...(start === undefined
      ? []
      : [{ ...usual(5, start, 'package.json'), kind: 'project' } as const]),
    ...machinePlugins.map((path) => usual(6, path, 'machine')),
  ];
}

function bundledPlaces(environment: SearchEnvironment): readonly SearchPlace[] {
  const { hostPackage, assets, platform } = environment;
  const checkout = hostPackage === undefined ? undefined : checkoutOf(platform, hostPackage);
  return [
    ...(checkout === undefined
      ? []
      : [usual(7, joinFor(platform, checkout, 'manifests'), 'bundled')]),
    ...(assets === undefined
      ? []
      : [{ ...usual(7, assets, 'embedded'), source: 'assets' } as const]),
  ];
}

const partsOf = (platform: string, path: string): readonly string[] =>
  path.split(platform === 'win32' ? /[\\/]/ : '/');

const above = (platform: string, path: string): string =>
  joinFor(platform, ...partsOf(platform, path).slice(0, -1));

/**
 * The folder above the host's package in a checkout. An installed package has strangers beside it, whose
 * files must not be taken for bundled ones.
 */
const checkoutOf = (platform: string, hostPackage: string): string | undefined =>
  partsOf(platform, hostPackage).includes('node_modules')
    ? undefined
    : above(platform, hostPackage);
