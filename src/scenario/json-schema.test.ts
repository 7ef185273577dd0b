import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { scenarioJsonSchema } from './json-schema.ts';

const test = suite('scenario JSON Schema');

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** The part of JSON Schema that the grammar uses: enough to see that files and schema agree. */
function complaints(value: unknown, schema: Schema, path = ''): string[] {
  if (schema.anyOf !== undefined) {
    const each = schema.anyOf.map((one) => complaints(value, one, path));
    return each.toSorted((a, b) => a.length - b.length)[0] ?? [];
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${path}: not in the enum`];
  if (typeof value === 'string')
    return schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)
      ? [`${path}: ${value}`]
      : [];
  if (Array.isArray(value)) return value.flatMap((v, i) => complaints(v, schema.items ?? {}, `${path}/${i}`));
  if (typeof value !== 'object' || value === null) return [];
  const missing = (schema.required ?? []).filter((key) => !(key in value)).map((key) => `${path}: no ${key}`);
  return missing.concat(
    Object.entries(value).flatMap(([key, v]) => {
      const inner = schema.properties?.[key] ?? schema.additionalProperties;
      if (inner === undefined || inner === false) return [`${path}/${key}: unknown`];
      return complaints(v, inner === true ? {} : inner, `${path}/${key}`);
    }),
  );
}

const schema = JSON.parse(scenarioJsonSchema()) as Schema;

test('the file in scenarios/ is the one that the grammar gives', () => {
  assert.ok(
    readFileSync('scenarios/scenario.schema.json', 'utf8') === scenarioJsonSchema(),
    'scenarios/scenario.schema.json is old: run npm run draw',
  );
});

test('it accepts the scenarios of the repository', () => {
  for (const name of ['ring', 'fibre-cut-cern-caltech', 'expected-failure', 'virtual-circuit'])
    assert.equal(complaints(parse(readFileSync(`scenarios/${name}/scenario.yaml`, 'utf8')), schema), []);
});

test('it refuses an unknown key, a missing one, a wrong unit and an unknown metric', () => {
  const ring = readFileSync('scenarios/ring/scenario.yaml', 'utf8');
  const count = (from: string, to: string): number =>
    complaints(parse(ring.replace(from, to)), schema).length;
  assert.is(count('convergence:', 'konvergence:'), 1);
  assert.is(count('title: One cut', '# '), 1);
  assert.is(count('length: 50 m', 'length: 50 ms'), 1);
  assert.is(count('metric: path.setup', 'metric: path.set'), 1);
});

test('every key has a description', () => {
  const bare: string[] = [];
  const visit = (s: Schema & { description?: string }, path: string): void => {
    for (const [key, inner] of Object.entries(s.properties ?? {})) {
      if (!('description' in inner)) bare.push(`${path}/${key}`);
      visit(inner, `${path}/${key}`);
    }
    for (const one of s.anyOf ?? []) visit(one, path);
    if (s.items !== undefined) visit(s.items, `${path}[]`);
    if (typeof s.additionalProperties === 'object') visit(s.additionalProperties, `${path}/*`);
  };
  visit(schema, '');
  assert.equal(bare, []);
});

test.run();
