import { ABI } from '@voxhost/sdk';

/** Version of the host; a test compares it with package.json. */
export const VERSION = '0.1.0';

/** Contract versions that this host speaks, a closed range. */
export const HOST_ABI = { name: 'voxhost-backend', min: ABI, max: ABI } as const;
