import { nodeCrypto } from '../node-builtins.js';
import type { VerifyEd25519 } from './signature.js';

/** DER of an ed25519 public key is this, then its 32 bytes (RFC 8410, section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export const verifyEd25519: VerifyEd25519 = (key, message, signature) => {
  const der = Buffer.concat([SPKI_PREFIX, key]);
  const { createPublicKey, verify } = nodeCrypto();
  return verify(
    null,
    message,
    createPublicKey({ key: der, format: 'der', type: 'spki' }),
    signature,
  );
};
