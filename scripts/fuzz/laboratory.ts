// A device of any family in a small virtual world, as the rounds need it: with ways to see what it holds, and to
// restart it.

import { CIENA_TCP_PORT, cienaEmulator } from '../../emulators/ciena.ts';
import { Restarts } from '../../emulators/device/restarts.ts';
import { families } from '../../emulators/families.ts';
import { cienaPair, NODES } from '../../src/circuits/conformance.fixture.ts';
import { assert } from '../../src/core/assert.ts';
import { ms, seconds } from '../../src/core/time.ts';
import { LOGIN, lamps, SUBJECTS, type Subject } from '../../src/optical/conformance.fixture.ts';
import type { Address, Random } from '../../src/platform/platform.ts';
import type { VirtualMachine } from '../../src/sim/machine.ts';
import { type SmallWorld, smallWorld } from '../../src/sim/world.fixture.ts';
import { Tl1Session } from '../../src/tl1/session.ts';

export const CIENA = 'ciena';
/** The device's machine; a CD/CI's neighbour has the other name. */
export const [DEVICE, NEIGHBOUR] = NODES;
const USER = `ACT-USER::${LOGIN.user}:1::${LOGIN.password};`;
/** Long enough for the slowest listing of an old device to end, and for what was dropped to be noticed. */
export const SETTLING = seconds(300);

export interface Laboratory {
  readonly small: SmallWorld;
  /** Null: a CD/CI. */
  readonly subject: Subject | null;
  readonly restarts: Restarts;
  readonly address: Address;
  /** Of an optical switch. */
  readonly ports: readonly string[];
  /** What a client of this device might well say. */
  readonly commands: readonly string[];
  /** Turns a light on or off, or cuts or repairs a span. */
  disturb(random: Random): void;
}

const COMMON = [
  USER,
  USER,
  USER,
  'RTRV-HDR:::2;',
  'CANC-USER::op:3;',
  'INH-MSG-ALL:::4;',
  'ALW-MSG-ALL:::5;',
  'RTRV-ALM-ALL:::6;',
];

const SWITCHES: Readonly<Record<string, readonly string[]>> = {
  glimmerglass: [
    'ENT-CRS-FIBER::10001,20002:1;',
    'ENT-CRS-FIBER::10001&10002,20002&20001:1:::OPMODE=sync;',
    'DLT-CRS-FIBER::10001,20002:1;',
    'DLT-CRS-FIBER::all:1;',
    'RTRV-CRS-FIBER::all:1;',
    'RTRV-PORT-POWER::10001&&10008:1;',
    'RTRV-CFG-FIBER::all:1;',
    'RTRV-SIGTYPE-FIBER::all:1;',
    'ED-PARAM:::1:::NAME=PowerMonitoringPeriod,VAL=10;',
  ],
  calient: [
    'ENT-CRS::10.1a.1,10.1a.2:1::,2WAY;',
    'ENT-CRS::10.1a.3,10.1a.4:1::grp,1WAY;',
    'DLT-CRS::10.1a.1-10.1a.2:1;',
    'RTRV-CRS:::1;',
    'RTRV-CRS::10.1a.1:1;',
    'RTRV-DET-EQPT::10.1a.1:1;',
    'CANC-CRS::grp:1;',
  ],
  'calient-s': [
    'ACT-CRS::1.1.1,1.1.2:1::,2WAY;',
    'RTRV-CRS:::1;',
    'RTRV-PORT-SUM::1.1.1:1;',
    'DLT-CRS::1.1.1:1;',
  ],
  polatis: [
    'ENT-PATCH::1,2:1:;',
    'ENT-PATCH::1&2,5&6:1:;',
    'DLT-PATCH::1:1:;',
    'RTRV-PATCH:::1:;',
    'RTRV-PORT-POWER::1&&8:1:;',
  ],
  [CIENA]: [
    'RTRV-OCN::ALL:1;',
    'RTRV-VCG::ALL:1;',
    'RTRV-EFLOW::ALL:1;',
    'ENT-VCG::vcg1:1::,,,ALIAS=vcg1,PST=IS,SUPPTTP=1-A-3-1-1,TIMESLOTMAP=1&&21;',
    'ED-VCG::vcg1:1::,,,PST=OOS;',
    'DLT-VCG::vcg1:1;',
    'ENT-GTP::gtp1:1::LBL=gtp1,,CTP=1-A-3-1-1-CTP-1&&21;',
    'ENT-SNC-STSPC::gtp1,x:1::REMNODE=NYCY,TYPE=DYNAMIC,STATE=UP;',
    'ENT-EFLOW::flow1:1:::INGRESSPORTTYPE=ETTP,INGRESSPORTNAME=1-A-3-1-1;',
  ],
};

/** The profile whose number comes up, or a pair of CD/CI nodes. */
export function laboratory(random: Random, machines: readonly string[]): Laboratory {
  const seed = String(random.integer(1e9));
  const small = smallWorld({ nodes: [...machines, DEVICE, NEIGHBOUR], delay: ms(1), seed });
  const subject = SUBJECTS[random.integer(SUBJECTS.length + 1)] ?? null;
  const restarts = new Restarts();
  return subject === null ? ciena(small, restarts) : opticalSwitch(small, subject, restarts);
}

function opticalSwitch(small: SmallWorld, subject: Subject, restarts: Restarts): Laboratory {
  const light = lamps(subject.family, small.world.clock);
  const { program, tcpPort } = families[subject.family];
  const listeners = countListeners(light.optics);
  const machine = small.world.machine(DEVICE);
  // One device, in its first start, has as many listeners at its optics as ever it may.
  let most: number | null = null;
  machine.boot((platform) => {
    const listening = (): void => {
      most ??= listeners();
    };
    return program(platform, light.optics, { ...subject.profile(), restarts, listening });
  }, subject.name);
  return {
    small,
    subject,
    restarts,
    address: { machine: DEVICE, tcpPort },
    ports: light.ports,
    commands: [...COMMON, ...(SWITCHES[subject.family] ?? [])],
    disturb: (random) => {
      const port = light.ports[random.integer(light.ports.length)] ?? '';
      if (random.next() < 0.5) light.shine(port);
      else light.darken(port);
      // A power meter that looks now and then listens, too.
      assert(most === null || listeners() <= most + 1, () => `${listeners()} listeners at the optics`);
    },
  };
}

function ciena(small: SmallWorld, restarts: Restarts): Laboratory {
  const pair = cienaPair(small.world.clock);
  for (const node of NODES)
    small.world.machine(node).boot((platform) => {
      const own = node === DEVICE ? { restarts } : {};
      return cienaEmulator(platform, pair.network, node, { ...pair.profile(node), ...own });
    }, CIENA);
  const spans = pair.network.spans.map(({ name }) => name);
  return {
    small,
    subject: null,
    restarts,
    address: { machine: DEVICE, tcpPort: CIENA_TCP_PORT },
    ports: [],
    commands: [...COMMON, ...(SWITCHES[CIENA] ?? [])],
    disturb: (random) => {
      const span = spans[random.integer(spans.length)] ?? '';
      if (random.next() < 0.5) pair.network.cut(span);
      else pair.network.repair(span);
    },
  };
}

/** How many listen to the optics. */
function countListeners(optics: ReturnType<typeof lamps>['optics']): () => number {
  let count = 0;
  const onPower = optics.onPower.bind(optics);
  optics.onPower = (listener) => {
    const stop = onPower(listener);
    count++;
    return () => {
      count--;
      stop();
    };
  };
  return () => count;
}

/** The device still takes a client that behaves. */
export async function mustServe(lab: Laboratory, client: VirtualMachine): Promise<void> {
  await client.run(async ({ clock, network, log }) => {
    const timings = { quiet: ms(50), reconnectFirst: ms(50), loginSettling: ms(500) };
    const session = new Tl1Session({ clock, network, log, address: lab.address, login: LOGIN, timings });
    const outcome = await session.execute({ verb: 'RTRV-HDR' }, { limit: seconds(60) });
    assert(outcome.kind === 'completed', () => `a client that behaves got ${JSON.stringify(outcome)}`);
    await session.close();
  });
}

/** Nothing waits that did not wait `before`. */
export function mustWaitForNoMore(lab: Laboratory, before: readonly string[]): void {
  const now = lab.small.world.waits.list();
  assert(now.length <= before.length, () => `waits grew from\n${before.join('\n')}\nto\n${now.join('\n')}`);
}
