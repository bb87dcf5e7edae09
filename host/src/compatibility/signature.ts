/** The signature file beside a manifest, `<id>.plugin.json.sig`. */
export interface SignatureFile {
  readonly algorithm: string;
  /** As manifests write keys: `ed25519:` and base64. */
  readonly key: string;
  /** Of the manifest's bytes, base64. */
  readonly signature: string;
  /** ISO date after which the signature proves nothing. */
  readonly expires?: string;
}

/** Three outcomes: only `bad` says that something is wrong; `not-checked` has its reason. */
export type SignatureOutcome =
  | { readonly outcome: 'verified'; readonly key: string }
  | { readonly outcome: 'bad'; readonly reason: string }
  | { readonly outcome: 'not-checked'; readonly reason: string };

export interface SignatureQuestion {
  readonly manifest: Uint8Array;
  /** Bytes of the signature file; undefined where there is none. */
  readonly file: Uint8Array | undefined;
  /** The key that the manifest names as its publisher's. */
  readonly publisherKey: string | undefined;
  readonly trustedKeys: readonly string[];
  readonly now: number;
}

/** Verifies an ed25519 signature: raw 32-byte key, message, signature. May throw where the platform cannot. */
export type VerifyEd25519 = (
  key: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean;

const bad = (reason: string): SignatureOutcome => ({ outcome: 'bad', reason });
const notChecked = (reason: string): SignatureOutcome => ({ outcome: 'not-checked', reason });

/** Judges a signature. A key proves who signed only where the user trusts it. Pure over `verify`. */
export function judgeSignature(
  { manifest, file, publisherKey, trustedKeys, now }: SignatureQuestion,
  verify: VerifyEd25519,
): SignatureOutcome {
  if (file === undefined) return notChecked('not signed');
  const signed = parseSignatureFile(file);
  if (signed === undefined) return bad('the signature file is not readable');
  if (signed.algorithm !== 'ed25519') return notChecked(`unknown algorithm ${signed.algorithm}`);
  if (publisherKey === undefined || signed.key !== publisherKey)
    return bad('signed by another key than the publisher’s');
  try {
    const isRight = verify(keyBytes(signed.key), manifest, base64Bytes(signed.signature));
    if (!isRight) return bad('the signature does not fit the manifest');
  } catch (error) {
    return notChecked(
      `verification failed to run: ${error instanceof Error ? error.message : error}`,
    );
  }
  if (signed.expires !== undefined && !(Date.parse(signed.expires) > now))
    return notChecked(`the signature expired on ${signed.expires}`);
  if (!trustedKeys.includes(signed.key)) return notChecked(`key ${signed.key} is not trusted`);
  return { outcome: 'verified', key: signed.key };
}

function parseSignatureFile(bytes: Uint8Array): SignatureFile | undefined {
  try {
    const value = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes),
    ) as SignatureFile;
    const { algorithm, key, signature, expires } = value;
    const texts = [algorithm, key, signature, ...(expires === undefined ? [] : [expires])];
    return texts.every((text) => typeof text === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

const base64Bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

const keyBytes = (key: string): Uint8Array => base64Bytes(key.replace(/^ed25519:/, ''));
