// npm's prepare: builds after an install that has the development tools, and is silent without them.
import { existsSync } from 'node:fs';

const root = new URL('..', import.meta.url);
if (existsSync(new URL('node_modules/typescript', root))) await import('./build.mjs');
