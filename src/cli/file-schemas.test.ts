// The JSON Schemas of inventories, laboratories and sites are those of the grammars that read them.

import { readFileSync } from 'node:fs';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { siteJsonSchema } from '../planning/site-grammar.ts';
import { inventoryJsonSchema } from './device-inventory.ts';
import { labJsonSchema } from './emulate-file.ts';

const test = suite('schemas of inventory, laboratory and site files');

for (const [name, schema] of [
  ['inventory', inventoryJsonSchema],
  ['lab', labJsonSchema],
  ['site', siteJsonSchema],
] as const) {
  test(`scenarios/${name}.schema.json is the grammar's`, () => {
    assert.ok(
      readFileSync(`scenarios/${name}.schema.json`, 'utf8') === schema(),
      `scenarios/${name}.schema.json is old: run npm run draw`,
    );
  });
}

/** Names of the keys that a device may have. */
function keysOf(schema: string, map: string): string[] {
  const { properties } = JSON.parse(schema);
  return Object.keys(properties[map].additionalProperties.properties);
}

test('they know every key, and secrets are none of them', () => {
  const devices = keysOf(inventoryJsonSchema(), 'devices');
  assert.equal(devices, ['family', 'address', 'credentials', 'tid', 'quote-password']);
  const switches = keysOf(labJsonSchema(), 'switches');
  for (const key of ['family', 'ports', 'tcp-port', 'sid', 'profile', 'login', 'lit', 'alarms'])
    assert.ok(switches.includes(key), key);
});

test.run();
