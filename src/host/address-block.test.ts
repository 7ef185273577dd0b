import { assert, suite } from '../../scripts/testing/suite.ts';
import { claimAddressBlock } from './address-block.ts';

const test = suite('address block');

test('no two claims get the same addresses', async () => {
  const blocks = await Promise.all([claimAddressBlock(), claimAddressBlock(), claimAddressBlock()]);
  const octets = blocks.flatMap(({ even, odd }) => [even, odd]);
  assert.is(new Set(octets).size, 6);
  for (const octet of octets) assert.ok(octet > 0 && octet < 250, String(octet));
});

test.run();
