import { describeBackend } from '@voxhost/sdk/testing';
import { openImpact } from '../plugins/impact/open-impact.js';

const modes = {
  static: { model: 'mind', mode: 'static' },
  jacobian: { model: 'mind', patchSize: 3 },
};

for (const [mode, options] of Object.entries(modes)) {
  const create = async () => {
    const { backend } = openImpact();
    return backend;
  };
  await describeBackend(
    `impact in mode ${mode}`,
    create,
    { describe, it, after },
    { impact: options },
  );
}
