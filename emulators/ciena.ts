// A Ciena CoreDirector / CD-CI as its clients know it: Ethernet ports whose frames travel in groups of STS-1 time
// slots (VCG), connected through a network of such nodes by SNCs. Sources: MonALISA, perfSONAR's CoreDirector.pm,
// DRAGON VLSR and its CoreDirectorTL1 emulator. Left out: STS-3c groups, protection, equipment, PM in 15-minute bins.

import { bitsPerSecond } from '../src/core/quantity.ts';
import { type Duration, ms, ZERO } from '../src/core/time.ts';
import type { Platform } from '../src/platform/platform.ts';
import { CIENA_CONDITIONS, CienaAlarms, type CienaConditions } from './ciena-alarms.ts';
import { type CienaSessionProfile, cienaManners } from './ciena-manners.ts';
import type { CienaNetwork } from './ciena-network.ts';
import type { CienaNodeOptions } from './ciena-node.ts';
import { type ProvisioningProfile, provisioningVerbs } from './ciena-provisioning.ts';
import { type RetrievalProfile, retrievalVerbs } from './ciena-retrieval.ts';
import { TELNET_OFFER } from './ciena-telnet.ts';
import { Device } from './device/device.ts';
import { deviceDefaults } from './device/profile.ts';
import { serveThroughRestarts } from './device/restarts.ts';
import { completed, type Verb } from './device/verb.ts';

export interface CienaProfile extends CienaSessionProfile, ProvisioningProfile, RetrievalProfile {
  readonly codes: CienaSessionProfile['codes'];
  /** Whether alarms are raised at all. */
  readonly sendsAlarms: boolean;
  /** From a condition's coming or going to its alarm. */
  readonly alarmLatency: Duration;
  readonly conditions: CienaConditions;
}

export const CIENA_TCP_PORT = 10201;

/** `sid` is the node's name in headers, TIDs and OSRP, unless the profile says otherwise. */
export const cienaDefaults = (sid: string): CienaProfile => ({
  ...deviceDefaults(sid),
  listeners: [
    {
      tcpPort: CIENA_TCP_PORT,
      hasEcho: true,
      // [K] the `;` that ends a message is the prompt, too.
      prompt: '',
      greeting: `${TELNET_OFFER}\r\nTXN TL1 Agent\r\n\r\n\r\n;`, // what follows "Agent" is [U]
    },
  ],
  commandTime: ms(300), // [I] invented: 0.1 to 1 s per command
  acknowledgeAfter: ZERO, // [K] IP before each answer
  negotiates: true,
  announcesLogin: true,
  // [K] the form; when the last login was is nobody's business here.
  greetUser: (user) => ({ lines: [`${user}:LASTLOGIN=01/01/2001 01-01-01,INTRUSIONS=0,`], comments: [] }),
  misplacedCtag: 'deny', // [U] what a real node answers
  sncAnswersWhenUp: false, // [U]
  refusals: {
    exists: 'SRAC',
    absent: 'IIAC',
    'in-use': 'SNVS',
    'in-service': 'SNVS',
    invalid: 'IPNV',
    'no-route': 'SARB',
  },
  vcgDefaults: { isLcas: false, holdOff: 1, rsAck: 2 }, // [K] the values of a sample; that they are defaults is [I]
  osrpDelayMs: 1, // [K] the sample
  osrpWeight: 1, // [U]
  deniesAbsentGtp: true, // [K] VLSR
  sendsAlarms: true, // [K] shape
  alarmLatency: ms(10), // [U]
  conditions: CIENA_CONDITIONS,
});

/** Two OC-192 ports and two 10 Gb/s Ethernet ports on one card: the AIDs of the samples. */
export const cienaNodeDefaults: CienaNodeOptions = {
  ocPorts: [
    { aid: '1-A-1-1', slots: 192 },
    { aid: '1-A-2-1', slots: 192 },
  ],
  ettps: [
    { aid: '1-A-3-1-1', rate: bitsPerSecond(10e9) },
    { aid: '1-A-3-1-2', rate: bitsPerSecond(10e9) },
  ],
  ipAddress: '192.0.2.1', // [U] RFC 5737, for documentation
  lcasTimerUnit: ms(100), // [U] LCAS hold-off normally counts in 100 ms
};

/** Ends when the profile's `until` is aborted. `nodeName` is a node of the network; what was provisioned stays there. */
export const cienaEmulator = (
  platform: Platform,
  network: CienaNetwork,
  nodeName: string,
  profile: Partial<CienaProfile> = {},
): Promise<void> =>
  serveThroughRestarts(platform, { ...cienaDefaults(nodeName), ...profile }, (boot, full) =>
    serve(boot, network, nodeName, full),
  );

/** From one start of the node's controller to its end. */
async function serve(
  platform: Platform,
  network: CienaNetwork,
  nodeName: string,
  profile: CienaProfile,
): Promise<void> {
  const node = network.node(nodeName);
  const alarms = new CienaAlarms({
    node,
    network,
    clock: platform.clock,
    latency: profile.alarmLatency,
    conditions: profile.conditions,
    announce: (announcement) => agent.announce(announcement),
  });
  const verbs = new Map<string, Verb>([
    ...provisioningVerbs(node, network, profile),
    ...retrievalVerbs(node, network, profile),
    ['RTRV-ALM-ALL', () => completed(alarms.lines())],
  ]);
  const agent = new Device(platform, profile, verbs, cienaManners(profile));
  const unwatch = profile.sendsAlarms ? network.watch(nodeName, () => alarms.update()) : () => {};
  if (profile.sendsAlarms) alarms.update();
  try {
    await agent.serve();
  } finally {
    unwatch();
  }
}
