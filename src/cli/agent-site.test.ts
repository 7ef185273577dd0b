import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { LIMITS } from '../provisioning/timings.ts';
import { agentOf } from './agent-site.ts';

const test = suite('agent of a site');

test('a switch with more fibres than an agent tells of is refused, with their number', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightbed-site-'));
  try {
    const fibres = Array.from(
      { length: LIMITS.portsMax + 1 },
      (_, i) => `  f${i}: { between: [gva/${i + 1}, chi/${i + 1}], length: 1 km, loss: 1 dB }\n`,
    );
    const device = "{ family: glimmerglass, address: '10.0.0.1:10034', agent: '10.0.0.2:3400' }";
    const site = join(folder, 'site.yaml');
    writeFileSync(site, `devices:\n  gva: ${device}\n  chi: ${device}\nfibres:\n${fibres.join('')}`);
    const given = { site, switch: 'gva', listen: undefined, seeds: undefined, write: false };
    assert.throws(
      () => agentOf(given),
      (error: Error) => /site\.yaml: 5001 fibres end at gva: .* 5000 ports at most$/.test(error.message),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
