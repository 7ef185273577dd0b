// The switch of an agent that runs on this machine: the driver of its family, which is changed only where that was asked
// for. The agent starts when the device has let us in and has every port that the site gives a fibre.

import { openSwitch, SWITCH_FAMILIES } from '../optical/families.ts';
import type { OpticalSwitch, SwitchOutcome } from '../optical/switch.ts';
import type { Platform } from '../platform/platform.ts';
import { agentSwitchTimings } from '../scenario/agent-config.ts';
import { Tl1CommandError } from '../tl1/errors.ts';
import { parseAddress } from './address.ts';
import type { SiteAgent } from './agent-site.ts';
import { firstSession } from './device-connection.ts';
import { readCredentials } from './device-credentials.ts';
import { UsageError } from './exit-code.ts';

export interface AgentSwitchHandle {
  readonly device: OpticalSwitch;
  /** Rejects when the first session cannot be had; a later loss is for the driver to get over. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

export function openAgentSwitch(
  agent: SiteAgent,
  { clock, network, log }: Pick<Platform, 'clock' | 'network' | 'log'>,
  given: { readonly credentials: string | undefined; readonly write: boolean },
): AgentSwitchHandle {
  const { name, family, address: text, tid, quotePassword } = agent.device;
  const credentials = readCredentials(agent.credentialsFile ?? given.credentials ?? null, process.env);
  const address = parseAddress(text, name, SWITCH_FAMILIES[family].tcpPort);
  const first = firstSession({ address });
  const record: Platform['log']['record'] = (kind, fields) => {
    first.log.record(kind, fields);
    log.record(kind, fields);
  };
  const login = { ...credentials, isPasswordQuoted: quotePassword === 'yes' };
  const timings = agentSwitchTimings(agent.settings);
  const options = { name, clock, network, log: { record }, address, login, ...timings, ...(tid && { tid }) };
  const driver = openOrExplain(() => openSwitch(family, options));
  return {
    device: given.write ? driver : watchOnly(driver),
    ready: Promise.race([havePorts(driver, agent), first.lost]),
    close: () => driver.close(),
  };
}

/** Whatever asks for a change is refused here, and nothing is sent. */
export function watchOnly(device: OpticalSwitch): OpticalSwitch {
  const reason = `${device.name} is only watched: nothing is sent without --write`;
  const refuse = async (): Promise<SwitchOutcome> => ({ kind: 'refused', errorCode: '', reason });
  return {
    name: device.name,
    sendsAlarms: device.sendsAlarms,
    listPorts: () => device.listPorts(),
    listCrossConnects: () => device.listCrossConnects(),
    readPower: (ports) => device.readPower(ports),
    subscribe: (listener) => device.subscribe(listener),
    connect: refuse,
    disconnect: refuse,
    close: () => device.close(),
  };
}

async function havePorts(device: OpticalSwitch, { config: { ports } }: SiteAgent): Promise<void> {
  const known = await device.listPorts();
  const missing = ports.find(({ port }) => !known.includes(port));
  if (missing === undefined) return;
  throw new UsageError(
    `${device.name} has no port ${missing.port}, where fibre ${missing.fibre} ends: its ports are ${known[0]} to ${known.at(-1)}`,
  );
}

function openOrExplain(open: () => OpticalSwitch): OpticalSwitch {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof Tl1CommandError)) throw error;
    throw new UsageError('TL1 cannot carry this user or password as it is: try quote-password: yes');
  }
}
