import { createReference } from '@voxhost/sdk/reference';
import { describeBackend } from '@voxhost/sdk/testing';

await describeBackend('reference', async () => createReference(), { describe, it, after });
