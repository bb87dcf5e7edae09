import { activateAt } from './process-plugin.js';
import { runOnce, smallResample } from './small-calls.js';

// Run by killed-host.ts: prints its child's mark before the third run, which does not end.
const { backend } = await activateAt(process.argv[2] as string);
const prepared = await backend.prepare(smallResample());
await runOnce(prepared);
await runOnce(prepared);
const third = runOnce(prepared);
process.stdout.write(`${backend.process?.mark}\n`);
await third;
