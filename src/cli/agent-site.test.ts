import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { seconds } from '../core/time.ts';
import { LIMITS } from '../provisioning/timings.ts';
import { agentSwitchTimings } from '../scenario/agent-config.ts';
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

test('patience of a site is its agent’s, and that of the driver of its switch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightbed-site-'));
  try {
    const site = join(folder, 'site.yaml');
    writeFileSync(
      site,
      `devices:
  gva: { family: glimmerglass, address: '10.0.0.1:10034', agent: '10.0.0.2:3400' }
hosts:
  cern: { power: 0 dBm, sensitivity: -24 dBm }
fibres:
  cern-gva: { between: [cern, gva/1], length: 1 km, loss: 0.5 dB }
provisioning: { patience: 4, reply-limit: 3 s }
`,
    );
    const { config, settings } = agentOf({
      ...{ site, switch: 'gva', listen: undefined, seeds: undefined, write: true },
    });
    assert.is(config.timings?.commitLimit, seconds(12));
    assert.is(config.timings?.prepareLimit, seconds(3), 'what is said of one wait holds');
    const { timings, sessionTimings } = agentSwitchTimings(settings);
    assert.equal([timings?.changeLimit, sessionTimings?.loginFirst], [seconds(4), seconds(8)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
