import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { judgeSignature, type SignatureQuestion } from '#host/compatibility/signature.js';
import { verifyEd25519 } from '#host/compatibility/verify-ed25519.js';
import { bytesOf } from '../support/manifest-builder.js';

const keyText = (key: KeyObject): string =>
  `ed25519:${key.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')}`;

const pair = generateKeyPairSync('ed25519');
const key = keyText(pair.publicKey);
const manifest = bytesOf('{"id": "org.example.fake"}');
const signed = {
  algorithm: 'ed25519',
  key,
  signature: sign(null, manifest, pair.privateKey).toString('base64'),
};

const outcomeOf = (changes: Partial<SignatureQuestion> = {}, verify = verifyEd25519): string => {
  const question = {
    manifest,
    file: bytesOf(signed),
    publisherKey: key,
    trustedKeys: [key],
    now: Date.parse('2026-06-01'),
    ...changes,
  };
  const judged = judgeSignature(question, verify);
  return judged.outcome === 'verified' ? 'verified' : `${judged.outcome}: ${judged.reason}`;
};

describe('signature', () => {
  const other = keyText(generateKeyPairSync('ed25519').publicKey);
  const outcomes: readonly (readonly [string, Partial<SignatureQuestion>, RegExp])[] = [
    ['good', {}, /^verified$/],
    ['good, by nobody that is trusted', { trustedKeys: [] }, /^not-checked: key .* not trusted/],
    ['missing', { file: undefined }, /^not-checked: not signed/],
    ['of other bytes', { manifest: bytesOf('{}') }, /^bad: the signature does not fit/],
    ['by another key than the publisher’s', { publisherKey: other }, /^bad: signed by another key/],
    ['where the publisher has no key', { publisherKey: undefined }, /^bad: signed by another key/],
    ['not readable', { file: bytesOf('{') }, /^bad: the signature file/],
    ['of other types', { file: bytesOf({ ...signed, signature: 1 }) }, /^bad: the signature file/],
    ['expired', { file: bytesOf({ ...signed, expires: '2026-01-01' }) }, /^not-checked: .*expired/],
    ['not yet expired', { file: bytesOf({ ...signed, expires: '2027-01-01' }) }, /^verified$/],
    ['with a date that is none', { file: bytesOf({ ...signed, expires: 'soon' }) }, /^not-checked/],
    [
      'of an unknown algorithm',
      { file: bytesOf({ ...signed, algorithm: 'rot13' }) },
      /^not-checked/,
    ],
  ];
  for (const [name, changes, expected] of outcomes)
    it(name, () => assert.match(outcomeOf(changes), expected));

  it('could not be verified is not the same as bad', () => {
    const broken = () => {
      throw new Error('no ed25519 here');
    };
    assert.match(outcomeOf({}, broken), /^not-checked: verification failed to run: no ed25519/);
  });
});
