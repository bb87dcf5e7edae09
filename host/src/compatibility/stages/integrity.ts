import type { FileSeal } from '@voxhost/sdk';
import type { Evidence, Fix, Note, VerdictWord } from '../../verdict.js';
import { type Outcome, passed, refused, unchecked } from '../outcome.js';
import type { FileState, TargetInput } from '../subject.js';

/** Stage 8: files are there, as large and with the bytes that the manifest states; nothing unlisted could run; the signature fits. */
export function judgeIntegrity(input: TargetInput): Outcome {
  const { entry, files, probe } = input.target;
  if (entry.type === 'builtin') return passed();
  if (files === undefined)
    return judgeUnsealed(input, [entry.path, ...(probe ? [probe.path] : [])]);
  for (const seal of files) {
    const refusal = judgeFile(input, seal);
    if (refusal !== undefined) return refusal;
  }
  const isHashed = files.every(({ path }) => input.files.get(path)?.sha256 !== undefined);
  const unlisted = input.unlisted?.[0];
  if (unlisted !== undefined) return corrupt(input, unlistedEvidence(input, unlisted));
  const { refusal, notes } = judgeSignatureOutcome(input);
  if (refusal !== undefined) return refusal;
  return isHashed && input.unlisted !== undefined ? passed(...notes) : unchecked(...notes);
}

const REINSTALL = (id: string): Fix => ({
  text: `install ${id} again from its archive: voxhost plugins install ARCHIVE`,
});

function judgeUnsealed(input: TargetInput, paths: readonly string[]): Outcome {
  for (const path of paths) {
    const refusal = judgeKind(input, path);
    if (refusal !== undefined) return refusal;
  }
  return passed({ stage: 'integrity', text: 'not-checked (unsealed)' });
}

const corrupt = (
  input: TargetInput,
  evidence: Evidence,
  verdict: VerdictWord = 'corrupt',
): Outcome => refused('integrity', verdict, evidence, REINSTALL(input.manifest.id));

function judgeKind(input: TargetInput, path: string): Outcome | undefined {
  const kind = input.files.get(path)?.kind;
  if (kind === 'file') return undefined;
  if (kind === undefined)
    return corrupt(input, { expected: 'a file', found: 'nothing', where: path }, 'missing-file');
  if (kind === 'link')
    return corrupt(
      input,
      { expected: 'no link below the root', found: 'a link', where: path },
      'untrusted',
    );
  const found = kind === 'directory' ? 'a folder' : 'a device, pipe or socket';
  return corrupt(input, { expected: 'a regular file', found, where: path });
}

function judgeFile(input: TargetInput, seal: FileSeal): Outcome | undefined {
  const kind = judgeKind(input, seal.path);
  if (kind !== undefined) return kind;
  const { size, sha256 } = input.files.get(seal.path) as FileState;
  if (size !== seal.size)
    return corrupt(input, {
      expected: `${seal.size} bytes`,
      found: `${size} bytes`,
      where: seal.path,
    });
  if (sha256 === undefined || sha256 === seal.sha256) return undefined;
  return corrupt(input, {
    expected: `sha256 ${seal.sha256}`,
    found: `sha256 ${sha256}`,
    where: seal.path,
  });
}

const unlistedEvidence = ({ manifest }: TargetInput, path: string): Evidence => ({
  expected: `every file of code among the files of ${manifest.id}`,
  found: 'an unlisted file',
  where: path,
});

function judgeSignatureOutcome(input: TargetInput): {
  readonly refusal?: Outcome;
  readonly notes: readonly Note[];
} {
  const { signature, policy, path } = input;
  if (signature === undefined) return { notes: [] };
  if (signature.outcome === 'verified')
    return { notes: [{ stage: 'integrity', text: `signature verified: ${signature.key}` }] };
  const evidence = { expected: 'a signature', found: signature.reason, where: `${path}.sig` };
  if (signature.outcome === 'bad')
    return {
      notes: [],
      refusal: refused('integrity', 'bad-signature', evidence, {
        text: 'do not use it; get it again from its publisher',
      }),
    };
  if (policy.signatures === 'verified')
    return {
      notes: [],
      refusal: refused('integrity', 'untrusted', evidence, {
        text: 'trust its key in the configuration, or allow unsigned plugins',
      }),
    };
  return { notes: [{ stage: 'integrity', text: `signature not-checked (${signature.reason})` }] };
}
