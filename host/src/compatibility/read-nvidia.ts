import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { readRealPath } from '../files/read-real-path.js';
import { nodeChildProcess } from '../node-builtins.js';
import type { DeviceFacts } from './machine-facts.js';
import {
  EXCLUSIVE,
  NVIDIA_QUERY,
  parseDevices,
  parseDriverVersion,
  visibleDevices,
} from './nvidia.js';

const PROC = '/proc/driver/nvidia';
/** A driver that is in trouble may let its tool wait for ever. */
const PATIENCE_MS = 3000;

/** Drivers that are there, by files that they keep; only where no file tells (Windows, WSL) their tool is asked. */
export function readDrivers(platform: string): Readonly<Record<string, string>> {
  const version = readNamedVersion() ?? (platform === 'linux' ? readProcVersion() : undefined);
  const nvidia = version ?? (hasNvidia(platform) ? askVersion() : undefined);
  return nvidia === undefined ? {} : { nvidia };
}

/** Where the user has the driver's library, when it is not on the loader's path or the driver's files are not visible. */
const DRIVER_VARIABLE = 'VOXHOST_CUDA_DRIVER';

/** The version at the end of the name that the library's links lead to, as the driver's own files have it. */
function readNamedVersion(): string | undefined {
  const named = process.env[DRIVER_VARIABLE];
  const path = named === undefined || named === '' ? undefined : readRealPath(named);
  return path === undefined ? undefined : /\.so\.(\d+(?:\.\d+)+)$/.exec(path)?.[1];
}

function readProcVersion(): string | undefined {
  try {
    return parseDriverVersion(readFileSync(join(PROC, 'version'), 'latin1'));
  } catch {
    return undefined;
  }
}

/** Is there a driver that Linux's files do not tell of: under Windows, or of Windows below WSL? */
function hasNvidia(platform: string): boolean {
  if (platform === 'win32')
    return existsSync(join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'nvcuda.dll'));
  return platform === 'linux' && existsSync('/usr/lib/wsl/lib/libcuda.so.1');
}

/** Empty where a driver is there whose version is not told: too old for everything. */
function askVersion(): string {
  return (ask('--query-gpu=driver_version') ?? '').split('\n')[0]?.trim() ?? '';
}

/** The tool where it usually is, then on the absolute part of PATH; never in the current directory. */
function findTool(): string | undefined {
  const name = process.platform === 'win32' ? 'nvidia-smi.exe' : 'nvidia-smi';
  const folders = [
    ...(process.platform === 'win32' ? [] : ['/usr/bin', '/usr/lib/wsl/lib']),
    ...(process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute),
  ];
  return folders.map((folder) => join(folder, name)).find(existsSync);
}

/** What the tool prints, also where it fails, since it then names no device; undefined where there is none or it does not answer. */
function ask(question: string): string | undefined {
  const tool = findTool();
  if (tool === undefined) return undefined;
  const { stdout, error } = nodeChildProcess().spawnSync(
    tool,
    [question, '--format=csv,noheader,nounits'],
    {
      encoding: 'latin1',
      timeout: PATIENCE_MS,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  return error === undefined ? stdout : undefined;
}

/**
 * Devices of the drivers that are there. Without questions they are only counted, from the driver's files, so that
 * their capability and memory stay open.
 */
export function readDevices(
  drivers: Readonly<Record<string, string>>,
  withQuestions: boolean,
): readonly DeviceFacts[] | undefined {
  if (drivers['nvidia'] === undefined) return [];
  const selection = process.env['CUDA_VISIBLE_DEVICES'];
  if (selection !== undefined && !/^\s*(?:\d|GPU-|MIG-)/.test(selection)) return [];
  if (!withQuestions) return countDevices();
  const answer = ask(`--query-gpu=${NVIDIA_QUERY}`);
  if (answer === undefined) return countDevices();
  return visibleDevices(parseDevices(answer, readInUse(answer)), selection);
}

/** Uuids of the devices that some process computes on; asked only where one would keep others out. */
function readInUse(answer: string): Set<string> {
  if (!answer.includes(EXCLUSIVE)) return new Set();
  const users = ask('--query-compute-apps=gpu_uuid') ?? '';
  return new Set(users.split('\n').map((line) => line.trim()));
}

function countDevices(): readonly DeviceFacts[] | undefined {
  try {
    return readdirSync(join(PROC, 'gpus')).map((name) => ({ class: 'cuda', name }));
  } catch {
    return undefined;
  }
}
