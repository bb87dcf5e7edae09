// Writes the JSON schemas in manifests/ from the host's own tables of fields.
import { writeFileSync } from 'node:fs';
import { manifestSchema } from '../host/dist/compatibility/manifest-schema.js';
import { doctorSchema } from '../host/dist/doctor/doctor-schema.js';

const schemas = {
  'plugin-1.schema.json': manifestSchema(),
  'doctor-1.schema.json': doctorSchema(),
};
for (const [name, schema] of Object.entries(schemas))
  writeFileSync(
    new URL(`../manifests/${name}`, import.meta.url),
    `${JSON.stringify(schema, null, 2)}\n`,
  );
