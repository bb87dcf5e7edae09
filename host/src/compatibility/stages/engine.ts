import { parseRange, satisfies } from '../engine-range.js';
import { type Outcome, passed, refused } from '../outcome.js';
import type { StageInput } from '../subject.js';

/** Stage 5: versions of host and Node.js, then the contract. */
export function judgeEngine(input: StageInput): Outcome {
  return judgeHost(input) ?? judgeNode(input) ?? judgeAbi(input);
}

const isIn = (version: string, text: string): boolean => {
  const parsed = parseRange(text);
  return parsed.ok && satisfies(version, parsed.range);
};

function judgeHost({ manifest, path, machine }: StageInput): Outcome | undefined {
  const wanted = manifest.engines.host;
  if (isIn(machine.host.version, wanted)) return undefined;
  return refused(
    'engine',
    'incompatible-host',
    {
      expected: `voxhost ${wanted}`,
      found: machine.host.version,
      where: `${path} engines.host`,
    },
    { text: `install a version of ${manifest.id} made for voxhost ${machine.host.version}` },
  );
}

function judgeNode({ manifest, path, machine }: StageInput): Outcome | undefined {
  const wanted = manifest.engines.node;
  if (wanted === undefined || isIn(machine.node.version, wanted)) return undefined;
  return refused(
    'engine',
    'incompatible-node',
    { expected: `Node.js ${wanted}`, found: machine.node.version, where: `${path} engines.node` },
    { text: `run voxhost with Node.js ${wanted}` },
  );
}

/** The contract version both speak: the highest that is common, or undefined. */
export function commonAbi(
  host: { readonly min: number; readonly max: number },
  plugin: { readonly min: number; readonly max: number },
): number | undefined {
  const chosen = Math.min(host.max, plugin.max);
  return chosen >= Math.max(host.min, plugin.min) ? chosen : undefined;
}

function judgeAbi({ manifest: { abi, id }, path, machine }: StageInput): Outcome {
  const { abi: own } = machine.host;
  if (commonAbi(own, abi) !== undefined) return passed();
  const isPluginOlder = abi.max < own.min;
  return refused(
    'engine',
    'incompatible-abi',
    {
      expected: `${own.name} ${own.min} to ${own.max}`,
      found: `${abi.name} ${abi.min} to ${abi.max}`,
      where: `${path} abi`,
    },
    { text: isPluginOlder ? `install a newer ${id}` : 'install a newer voxhost' },
  );
}
