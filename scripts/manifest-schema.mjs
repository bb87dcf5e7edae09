// Writes manifests/plugin-1.schema.json from the host's own table of fields.
import { writeFileSync } from 'node:fs';
import { manifestSchema } from '../host/dist/compatibility/manifest-schema.js';

const path = new URL('../manifests/plugin-1.schema.json', import.meta.url);
writeFileSync(path, `${JSON.stringify(manifestSchema(), null, 2)}\n`);
