/** What the user and the administrator allow. */
export interface Policy {
  /** Layers whose manifests may be unsealed or have a `root` other than `.`. */
  readonly unsealedLayers: readonly number[];
}

export const DEFAULT_POLICY: Policy = { unsealedLayers: [1, 7] };
