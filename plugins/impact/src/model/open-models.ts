import type { Engine } from '../session/engine.js';
import type { SessionSettings } from '../session/messages.js';
import type { FeatureNetwork } from './feature-network.js';
import { type OpenNetwork, openNetwork } from './open-network.js';
import type { Networks } from './read-networks.js';

/** The networks for both images; one that serves both is opened once. */
export interface OpenModels extends AsyncDisposable {
  readonly fixed: readonly OpenNetwork[];
  readonly moving: readonly OpenNetwork[];
}

/**
 * @param engines - one per lane
 * @param settings - `derivative`: also the way back through the moving image's networks
 */
export async function openModels(
  engines: readonly Engine[],
  { fixed, moving }: Networks,
  settings: SessionSettings & { readonly derivative: boolean },
): Promise<OpenModels> {
  const opened = new Map<FeatureNetwork, OpenNetwork>();
  const close = () => disposeAll([...opened.values()]);
  try {
    for (const network of new Set([...fixed, ...moving])) {
      const derivative = settings.derivative && moving.includes(network);
      opened.set(network, await openNetwork(engines, network, { ...settings, derivative }));
    }
    const openOf = (network: FeatureNetwork) => opened.get(network) ?? [];
    return {
      fixed: fixed.flatMap(openOf),
      moving: moving.flatMap(openOf),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function disposeAll(networks: readonly OpenNetwork[]): Promise<void> {
  await Promise.all(networks.map((network) => network[Symbol.asyncDispose]()));
}
