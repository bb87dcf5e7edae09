import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readDocument } from '#host/compatibility/document.js';
import { manifestSchema } from '#host/compatibility/manifest-schema.js';
import { bytesOf, manifestOf } from '../support/manifest-builder.js';
import { fullManifest, type Mutation, typeMutations, withChange } from './manifest-mutations.js';

const folder = new URL('../../../manifests/', import.meta.url);
const schema = JSON.parse(readFileSync(new URL('plugin-1.schema.json', folder), 'utf8')) as object;
const validate = new Ajv2020({ allErrors: false, strict: true }).compile(schema);

/** What the schema calls valid the parser reads without a remark about fields or words. */
function isReadWhole(value: unknown): boolean {
  const document = readDocument(bytesOf(value), 'x.plugin.json');
  return document.ok && document.notes.length === 0;
}

/** Values at the edges of each rule that a shape states. */
const valueMutations: readonly Mutation[] = [
  ['id', 'A.b'],
  ['id', 'ab'],
  ['id', 'a..b'],
  ['id', `a${'b'.repeat(80)}`],
  ['id', 'org.example'],
  ['version', '1.0'],
  ['version', '1.0.0-rc.01'],
  ['version', '1.0.0-rc.1+build'],
  ['manifest', '1'],
  ['manifest', '01.0'],
  ['manifest', '1.0.0'],
  ['manifest', ''],
  ['root', '../plugins/cpu'],
  ['root', '/usr'],
  ['root', 'a/../..'],
  ['root', ''],
  ['license', 'x'.repeat(201)],
].map(([field, value]) => ({
  name: `${field} = ${value}`,
  value: withChange(fullManifest, [String(field)], value),
}));

const PATHS = [
  '../x.node',
  'a/../x.node',
  '/etc/x.node',
  'C:x',
  'C:/x',
  '\\\\server\\share',
  'a\\b',
  'file://x',
  'a\0b',
  'a.',
  'a ',
  'a./b',
  'a.node:evil',
  '',
  './a',
  'a//b',
  'a/',
  '.',
  'plain/file.node',
  '.hidden/ok',
  'ünï/cödé',
];

const pathMutations: readonly Mutation[] = PATHS.map((path) => ({
  name: `entry.path = ${JSON.stringify(path)}`,
  value: manifestOf({ targets: [{ os: '*', cpu: '*', entry: { type: 'esm', path } }] }),
}));

describe('manifest schema', () => {
  it('is what the table of fields says (else: node scripts/manifest-schema.mjs)', () => {
    assert.deepEqual(schema, manifestSchema());
  });

  it('accepts a manifest with every field, and so does the parser', () => {
    assert.equal(validate(fullManifest), true, JSON.stringify(validate.errors));
    assert.equal(isReadWhole(fullManifest), true);
  });

  it('agrees with the parser on every mutation that concerns one field', () => {
    const mutations = [...typeMutations(), ...valueMutations, ...pathMutations];
    assert.ok(mutations.length > 500, `${mutations.length} mutations`);
    for (const { name, value } of mutations) {
      const bySchema = validate(value);
      const byParser = isReadWhole(value);
      // a rule between fields may refuse what the schema accepts, never the reverse
      if (bySchema !== byParser) {
        const document = readDocument(bytesOf(value), 'x.plugin.json');
        assert.ok(bySchema && !document.ok, `${name}: schema ${bySchema}, parser ${byParser}`);
        assert.match(
          name,
          /^targets\.0\.(entry\.(napi|path|type)|probe\.path|libc|files|os|cpu)|engines|version|isolation|critical/,
          name,
        );
      }
    }
  });

  it('has every field in the README', () => {
    const readme = readFileSync(new URL('README.md', folder), 'utf8');
    const names = new Set(JSON.stringify(schema).match(/"[A-Za-z$]\w*":\{"description"/g) ?? []);
    assert.ok(names.size > 50, `${names.size} fields`);
    for (const quoted of names) {
      const name = quoted.split('"')[1] ?? '';
      assert.ok(readme.includes(`\`${name}\``), `README lacks ${name}`);
    }
  });
});
