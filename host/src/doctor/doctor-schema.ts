import type { Json } from '@voxhost/sdk';
import { toJsonSchema } from '../compatibility/json-schema.js';
import {
  integer,
  list,
  optional,
  record,
  required,
  type Shape,
  text,
  word,
} from '../compatibility/shape.js';
import { SEVERITY, STAGES } from '../verdict.js';

const LONG = 100_000;
const any = text(undefined, LONG);
const flag: Shape = { kind: 'boolean' };
const texts = list(any, 0, LONG);

/** The form of `voxhost plugins doctor --json`. */
const DOCTOR_SHAPE = record({
  format: required(integer(1, 1), 'version of this form'),
  machine: required(
    record({
      host: required(any, 'version of voxhost'),
      node: required(any, 'version of Node.js'),
      napi: required(integer(0, 2 ** 31 - 1), 'highest Node-API version'),
      os: required(any, 'process.platform'),
      osVersion: required(any, 'os.release()'),
      cpu: required(any, 'process.arch'),
      libc: required(any, 'C library and its version; empty where there is none to choose'),
      drivers: required(texts, 'drivers with their versions'),
      devices: required(texts, 'names of devices'),
    }),
    'what the plugins were judged on',
  ),
  plugins: required(
    list(
      record({
        id: required(any, 'empty where it could not be read'),
        version: required(any, 'empty where it could not be read'),
        path: required(any, 'of the manifest'),
        layer: required(integer(1, 8), 'search layer'),
        installed: required(flag, 'its manifest was read and is in order'),
        compatible: required(flag, 'all that can be checked without its code is right'),
        ready: required(word('yes', 'no', 'not-tried'), 'it was started here'),
        verdict: required(word(...Object.keys(SEVERITY)), 'stable word'),
        stage: optional(word(...STAGES), 'the first stage that failed'),
        evidence: optional(any, 'why, in one line'),
        fix: required(
          list(
            record({
              text: required(any, 'what to do'),
              command: optional(any, 'that can be pasted into a shell'),
            }),
          ),
          'ways out',
        ),
        notes: required(texts, 'what does not stop it'),
        unchecked: required(list(word(...STAGES)), 'stages that could not be judged'),
        since: optional(any, 'ISO date since which the verdict holds in these circumstances'),
        fingerprint: optional(text('^[0-9a-f]{64}$', 64), 'of the circumstances'),
      }),
      0,
      LONG,
    ),
    'every plugin that was found, in the order of precedence',
  ),
  notes: required(texts, 'remarks that belong to no plugin'),
});

/** The published JSON schema of `voxhost plugins doctor --json`. */
export const doctorSchema = (): Json => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'voxhost plugins doctor --json, format 1',
  ...(toJsonSchema(DOCTOR_SHAPE) as { readonly [key: string]: Json }),
});
