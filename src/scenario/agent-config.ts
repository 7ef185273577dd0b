// What the agent of a switch is told of its switch and of how to work, out of the fibres and settings of a whole network: a
// scenario's or a site's. How agents find each other is for whoever starts them.

import { families } from '../../emulators/families.ts';
import type { Db, Dbm } from '../core/quantity.ts';
import { type Duration, ns, seconds, toSeconds } from '../core/time.ts';
import type { SwitchOptions } from '../optical/device.ts';
import type { AgentConfig, Detection, PortConfig } from '../provisioning/agent-config.ts';
import { DEFAULT_FLAP_LIMITS } from '../provisioning/flap-damping.ts';
import { patientAgent, patiently } from '../provisioning/patience.ts';
import { type AgentTimings, DEFAULT_TIMINGS } from '../provisioning/timings.ts';
import { TL1_TIMINGS } from '../tl1/timings.ts';
import type { FibreDescription, FibreEnd, ProvisioningSettings, SwitchFamily } from './schema.ts';

const AGENT_SWITCH_TIMINGS = {
  /** A change whose answer is lost is looked up after this, so that a commit can still be told in its time; a device that needs longer says IP. */
  changeLimit: seconds(1),
  /** An answer that its agent no longer waits for would only be in the way of the next command. */
  retrieveLimit: DEFAULT_TIMINGS.deviceLimit,
} as const;

/** Of a driver that an agent uses, and of its session. */
export const agentSwitchTimings = ({
  patience = 1,
}: ProvisioningSettings): Pick<SwitchOptions, 'timings' | 'sessionTimings'> => ({
  timings: patiently(AGENT_SWITCH_TIMINGS, ['changeLimit', 'retrieveLimit'], patience),
  sessionTimings: patiently(TL1_TIMINGS, ['connectLimit', 'commandLimit', 'loginFirst'], patience),
});

export interface AgentNetwork {
  readonly fibres: readonly FibreDescription[];
  readonly hosts: readonly {
    readonly name: string;
    readonly transceiver?: { readonly power: Dbm; readonly sensitivity: Dbm };
    /** The machine that speaks for its receivers, where that is known. */
    readonly speaker?: string;
  }[];
  readonly provisioning: ProvisioningSettings;
}

export interface AgentSwitch {
  readonly name: string;
  readonly family: SwitchFamily;
  readonly insertionLoss?: Db;
  readonly detection?: Detection;
}

export function agentConfigOf(
  network: AgentNetwork,
  device: AgentSwitch,
  contacts: Pick<AgentConfig, 'tcpPort' | 'peers' | 'seeds' | 'address'>,
): AgentConfig {
  const { provisioning } = network;
  const { losThreshold, losDrop, losHysteresis, reroutesAtOnce, flapping } = provisioning;
  return {
    switchName: device.name,
    ports: fibresAt(network.fibres, device.name).flatMap((fibre) => portsOn(device.name, fibre, network)),
    insertionLoss: device.insertionLoss ?? families[device.family].insertionLoss,
    ...contacts,
    timings: timingsOf(provisioning),
    ...given<AgentConfig>({
      losThreshold,
      losDrop,
      detection: device.detection ?? provisioning.detection,
      hysteresis: losHysteresis,
      reroutesMax: reroutesAtOnce,
      flapping: flapping === undefined ? undefined : { ...DEFAULT_FLAP_LIMITS, ...flapping },
    }),
  };
}

function timingsOf(settings: ProvisioningSettings): Partial<AgentTimings> {
  const { powerPoll, replyLimit, lease, heartbeat, announcement, failedFibreHold, holdOff } = settings;
  const waits = settings.patience === undefined ? {} : patientAgent(settings.patience);
  const own = given<AgentTimings>({
    pollPeriod: powerPoll,
    prepareLimit: replyLimit,
    deviceLimit: replyLimit,
    lockWait: replyLimit === undefined ? undefined : lockWaitWithin(replyLimit),
    lease,
    heartbeat,
    failedFibreHold,
    holdOff,
    announce: announcement,
    announcementLife: announcement === undefined ? undefined : seconds(toSeconds(announcement) * 3),
  });
  return { ...waits, ...own };
}

/** A vote that waited for a lock must still be in time. */
const lockWaitWithin = (replyLimit: Duration): Duration =>
  ns(Math.min(DEFAULT_TIMINGS.lockWait, Math.floor(replyLimit / 2)));

type Host = AgentNetwork['hosts'][number];

/** By switch, and by name, made once for each list: a network may have tens of thousands, and each switch a few. */
const fibresBySwitch = new WeakMap<AgentNetwork['fibres'], ReadonlyMap<string, FibreDescription[]>>();
const hostsByName = new WeakMap<AgentNetwork['hosts'], ReadonlyMap<string, Host>>();

function fibresAt(fibres: AgentNetwork['fibres'], switchName: string): readonly FibreDescription[] {
  const known = fibresBySwitch.get(fibres) ?? gatherFibres(fibres);
  fibresBySwitch.set(fibres, known);
  return known.get(switchName) ?? [];
}

function gatherFibres(fibres: AgentNetwork['fibres']): ReadonlyMap<string, FibreDescription[]> {
  const gathered = new Map<string, FibreDescription[]>();
  for (const fibre of fibres)
    for (const switchName of new Set(
      fibre.between.flatMap((end) => (end.kind === 'port' ? end.switchName : [])),
    )) {
      const here = gathered.get(switchName);
      if (here === undefined) gathered.set(switchName, [fibre]);
      else here.push(fibre);
    }
  return gathered;
}

function hostNamed(hosts: AgentNetwork['hosts'], name: string): Host | undefined {
  const known = hostsByName.get(hosts) ?? new Map(hosts.map((host) => [host.name, host]));
  hostsByName.set(hosts, known);
  return known.get(name);
}

/** The ports of a switch that a fibre ends at, with what is at the fibre's other end. */
function portsOn(switchName: string, fibre: FibreDescription, { hosts }: AgentNetwork): PortConfig[] {
  const [a, b] = fibre.between;
  const { name, length, loss, srlg, cost, portType } = fibre;
  return (
    [
      [a, b],
      [b, a],
    ] as const
  ).flatMap(([near, far]) => {
    if (near.kind !== 'port' || near.switchName !== switchName) return [];
    const host = far.kind === 'host' ? hostNamed(hosts, far.host) : undefined;
    const { power, sensitivity } = host?.transceiver ?? {};
    const transceiver = power === undefined || sensitivity === undefined ? undefined : { power, sensitivity };
    return [
      {
        port: near.port,
        fibre: name,
        far: farEnd(far),
        length,
        ...given<PortConfig>({ loss, srlg, cost, portType, transceiver, speaker: host?.speaker }),
      },
    ];
  });
}

const farEnd = (end: FibreEnd): PortConfig['far'] =>
  end.kind === 'host'
    ? { kind: 'terminal', terminal: end.host }
    : { kind: 'switch', switchName: end.switchName, port: end.port };

/** The properties that are there, so that defaults hold for the others. */
function given<T extends object>(properties: { [K in keyof T]?: T[K] | undefined }): Partial<T> {
  const entries = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}
