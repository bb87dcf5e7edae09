import { activateAt } from './process-plugin.js';
import { runOnce, smallResample } from './small-calls.js';

// Run by killed-host.ts: prints its child's mark before the third run, which does not end; or, where the
// plugin does not end once it has said hello, at once.
const [, , path, when] = process.argv;
const { backend } = await activateAt(path as string);
if (when === 'hello') {
  process.stdout.write(`${backend.process?.mark}\n`);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
}
const prepared = await backend.prepare(smallResample());
await runOnce(prepared);
await runOnce(prepared);
const third = runOnce(prepared);
process.stdout.write(`${backend.process?.mark}\n`);
await third;
