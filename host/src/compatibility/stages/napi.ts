import { type Outcome, passed, refused } from '../outcome.js';
import type { TargetInput } from '../subject.js';

/** Stage 7: a newer Node-API than this Node.js has is a crash at load, not an error. */
export function judgeNapi({ target, machine, manifest, path }: TargetInput): Outcome {
  const { napi, type } = target.entry;
  if (type !== 'node-addon' || (napi !== undefined && napi <= machine.node.napi)) return passed();
  return refused(
    'napi',
    'incompatible-node',
    {
      expected: `Node-API ${napi}`,
      found: `Node-API ${machine.node.napi} of Node.js ${machine.node.version}`,
      where: `${path} targets[${manifest.targets.indexOf(target)}].entry.napi`,
    },
    { text: `run voxhost with a Node.js that has Node-API ${napi}` },
  );
}
