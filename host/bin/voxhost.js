#!/usr/bin/env node
// Committed, since npm links no bin whose file is absent at install. The program is the built bundle.
import { existsSync } from 'node:fs';

const bundle = new URL('../bundle/cli.js', import.meta.url);
if (existsSync(bundle)) {
  await import(bundle.href);
} else {
  process.stderr.write(
    'voxhost: the program is not built yet; run "npm run build" in its repository\n',
  );
  process.exitCode = 1;
}
