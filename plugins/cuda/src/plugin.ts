import { ABI, definePlugin } from '@voxhost/sdk';
import { createCudaBackend } from './backend.js';
import { startEngine } from './engine.js';
import { openDevice } from './open-device.js';
import { parsePtx } from './ptx.js';

export default definePlugin({
  id: 'org.voxhost.cuda',
  version: '0.1.0',
  abi: { min: ABI, max: ABI },
  async activate(context) {
    const ptx = await context.resource('bundle/kernels.ptx');
    const { version } = parsePtx(new TextDecoder().decode(ptx));
    const opened = await openDevice(context, version, process.env);
    if (!opened.ok) throw new Error(`${opened.verdict}: ${opened.reason}`);
    const { name, computeCapability } = opened.device;
    context.log('info', `uses ${name}, compute capability ${computeCapability}`);
    return createCudaBackend(startEngine(opened.driver, opened.device, ptx));
  },
});
