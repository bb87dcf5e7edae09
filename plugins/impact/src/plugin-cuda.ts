import { ABI, definePlugin } from '@voxhost/sdk';
import { createImpactBackend } from './backend.js';

/** The entry of the targets with CUDA: what does not say otherwise runs on the GPU. */
export default definePlugin({
  id: 'org.voxhost.impact',
  version: '0.1.0',
  abi: { min: ABI, max: ABI },
  activate: async (context) => createImpactBackend(context, 'cuda'),
});
