import type { Json } from '@voxhost/sdk';
import { toJsonSchema } from './json-schema.js';
import { MANIFEST_SHAPE } from './manifest-shape.js';

/** The published JSON schema of manifests. Rules between fields are the host's; see `manifests/README.md`. */
export const manifestSchema = (): Json => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'voxhost plugin manifest, version 1',
  ...(toJsonSchema(MANIFEST_SHAPE) as { readonly [key: string]: Json }),
});
