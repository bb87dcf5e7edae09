import { ABI, definePlugin } from '@voxhost/sdk';
import { createImpactBackend } from './backend.js';

export default definePlugin({
  id: 'org.voxhost.impact',
  version: '0.1.0',
  abi: { min: ABI, max: ABI },
  activate: async (context) => createImpactBackend(context),
});
