/** Where a platform keeps things of one user, as data: pure, so that every platform can be asked for here. */
export interface PlatformPlaces {
  /** What the user configures by hand. */
  readonly config: string;
  /** What the host remembers: trust, disabled plugins, quarantine, calibration. */
  readonly state: string;
  /** What can be lost. */
  readonly cache: string;
  /** Plugins of the user (layer 4). */
  readonly userPlugins: string;
  /** Plugins of the machine (layer 6), in order. */
  readonly machinePlugins: readonly string[];
}

export interface PlatformEnvironment {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder, `os.homedir()`. */
  readonly home: string;
}

const APP = 'voxhost';

/** Joins in the writing of a platform, which need not be the one this runs on. */
export const joinFor = (platform: string, ...parts: readonly string[]): string =>
  parts.join(platform === 'win32' ? '\\' : '/');

/** Does a path start at a root, in the writing of its platform? */
export const isAbsoluteFor = (platform: string, path: string): boolean =>
  platform === 'win32' ? /^(?:[A-Za-z]:[\\/]|\\\\[^\\])/.test(path) : path.startsWith('/');

/** The folders of a platform: XDG on Linux and the like, Library on macOS, AppData on Windows. */
export function placesOf(environment: PlatformEnvironment): PlatformPlaces {
  switch (environment.platform) {
    case 'win32':
      return windowsPlaces(environment);
    case 'darwin':
      return withXdg(environment, macPlaces(environment));
    default:
      return withXdg(environment, linuxPlaces(environment));
  }
}

function linuxPlaces({ env, home }: PlatformEnvironment): PlatformPlaces {
  const shares = (env['XDG_DATA_DIRS'] || '/usr/local/share:/usr/share')
    .split(':')
    .filter((path) => path.startsWith('/'));
  return {
    config: `${home}/.config/${APP}`,
    state: `${home}/.local/state/${APP}`,
    cache: `${home}/.cache/${APP}`,
    userPlugins: `${home}/.local/share/${APP}/plugins`,
    machinePlugins: [`/etc/${APP}/plugins`, ...shares.map((path) => `${path}/${APP}/plugins`)],
  };
}

function macPlaces({ home }: PlatformEnvironment): PlatformPlaces {
  const support = `${home}/Library/Application Support/${APP}`;
  return {
    config: support,
    state: `${support}/state`,
    cache: `${home}/Library/Caches/${APP}`,
    userPlugins: `${support}/plugins`,
    machinePlugins: [`/Library/Application Support/${APP}/plugins`],
  };
}

/** XDG variables count wherever they are set to an absolute path; others are to be ignored (XDG base directory specification). */
function withXdg({ env, platform }: PlatformEnvironment, places: PlatformPlaces): PlatformPlaces {
  const below = (variable: string, otherwise: string, ...rest: readonly string[]): string => {
    const value = env[variable] ?? '';
    return isAbsoluteFor(platform, value) ? joinFor(platform, value, APP, ...rest) : otherwise;
  };
  return {
    ...places,
    config: below('XDG_CONFIG_HOME', places.config),
    state: below('XDG_STATE_HOME', places.state),
    cache: below('XDG_CACHE_HOME', places.cache),
    userPlugins: below('XDG_DATA_HOME', places.userPlugins, 'plugins'),
  };
}

function windowsPlaces({ env, home }: PlatformEnvironment): PlatformPlaces {
  const local = env['LOCALAPPDATA'] || `${home}\\AppData\\Local`;
  const roaming = env['APPDATA'] || `${home}\\AppData\\Roaming`;
  const all = env['PROGRAMDATA'] || 'C:\\ProgramData';
  return {
    config: `${roaming}\\${APP}`,
    state: `${local}\\${APP}\\state`,
    cache: `${local}\\${APP}\\cache`,
    userPlugins: `${local}\\${APP}\\plugins`,
    machinePlugins: [`${all}\\${APP}\\plugins`],
  };
}
