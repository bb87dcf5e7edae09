import { readFileSync } from 'node:fs';
import { openDevice } from './open-device.js';
import { parsePtx } from './ptx.js';

// Run by the host in a process of its own before the plugin is loaded: does the driver work, and is there a device?

const root = new URL('..', import.meta.url);
const module = async (path: string): Promise<URL> => new URL(path, root);
const ptx = parsePtx(readFileSync(new URL('bundle/kernels.ptx', root), 'utf8'));
const opened = await openDevice({ module }, ptx.version, process.env);
const answer = opened.ok
  ? { ready: true, device: opened.device }
  : { ready: false, verdict: opened.verdict, reason: opened.reason };
process.stdout.write(JSON.stringify(answer));
