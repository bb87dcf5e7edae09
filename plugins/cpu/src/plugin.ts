import { ABI, definePlugin } from '@voxhost/sdk';
import { createCpuBackend } from './backend.js';

export default definePlugin({
  id: 'org.voxhost.cpu',
  version: '0.1.0',
  abi: { min: ABI, max: ABI },
  activate: async (context) => createCpuBackend(context),
});
