// Runs the golden cases of a directory: `npm run golden -- DIR [--backend ID] [--family NAME]`.
import { existsSync } from 'node:fs';

const runner = new URL('../.build/test/golden/main.js', import.meta.url);
if (!existsSync(runner)) await import('./build.mjs');
const { main } = await import(runner);
process.exitCode = await main(process.argv.slice(2));
