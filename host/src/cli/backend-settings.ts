import type { Json, Manifest } from '@voxhost/sdk';
import { HostError } from '../errors.js';
import type { Host } from '../host.js';

type Options = Readonly<Record<string, Json>>;

/** The options of a line, divided. */
export interface DividedOptions {
  /** Settings of the named backend, as the variables that it reads. */
  readonly variables: Readonly<Record<string, string>>;
  /** All others. */
  readonly own: Options;
}

/**
 * Which options of a line are settings of the backend that it names? A plugin's setting is a variable that its manifest
 * lets it see: `device` of the backend `cuda` is VOXHOST_CUDA_DEVICE. Pure.
 */
export function divideOptions(options: Options, manifest: Manifest | undefined): DividedOptions {
  const seen = manifest?.permissions?.env ?? [];
  const variableOf = (option: string): string | undefined => {
    const name = `VOXHOST_${manifest?.name}_${option}`.toUpperCase().replaceAll('-', '_');
    return seen.includes(name) ? name : undefined;
  };
  const entries = Object.entries(options);
  return {
    variables: Object.fromEntries(
      entries.flatMap(([option, value]) => {
        const variable = variableOf(option);
        return variable === undefined ? [] : [[variable, textOf(value)]];
      }),
    ),
    own: Object.fromEntries(entries.filter(([option]) => variableOf(option) === undefined)),
  };
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/**
 * Puts the settings of the named backend where its process will read them, and gives the other options. To be called
 * before a backend is started.
 */
export async function applySettings(
  host: Host,
  { backend = [], option = {} }: { backend?: readonly string[]; option?: Options },
): Promise<Options> {
  if (backend.length !== 1 || Object.keys(option).length === 0) return option;
  const { entries } = await host.plugins();
  const named = entries.find(
    ({ manifest, verdict }) =>
      verdict.verdict !== 'shadowed' &&
      (manifest?.name === backend[0] || manifest?.id === backend[0]),
  );
  const { variables, own } = divideOptions(option, named?.manifest);
  Object.assign(process.env, variables);
  return own;
}

/** The same for a command that has no options of its own. Throws `USAGE` for one that is no setting. */
export async function requireSettings(
  host: Host,
  line: { backend?: readonly string[]; option?: Options },
): Promise<void> {
  const [unknown] = Object.keys(await applySettings(host, line));
  if (unknown === undefined) return;
  const whose =
    line.backend?.length === 1
      ? `backend "${line.backend[0]}" has no such setting; "voxhost plugins info" lists the variables that it reads`
      : 'name the one backend whose setting it is with --backend';
  throw new HostError('USAGE', { reason: `--option ${unknown}: ${whose}` });
}
