// Which agent a site file and the command line mean: its device, what it is told, where it listens, and whom it asks for
// the others.

import { dirname, resolve } from 'node:path';
import type { Site, SiteDevice } from '../planning/site.ts';
import { portsWithFibres } from '../planning/topology.ts';
import type { Address } from '../platform/platform.ts';
import { type AgentConfig, DEFAULT_AGENT_TCP_PORT } from '../provisioning/agent-config.ts';
import { LIMITS } from '../provisioning/timings.ts';
import { agentConfigOf } from '../scenario/agent-config.ts';
import type { ProvisioningSettings } from '../scenario/schema.ts';
import { nearMiss } from '../scenario/suggest.ts';
import { parseAddress } from './address.ts';
import { UsageError } from './exit-code.ts';
import { readSite } from './site-file.ts';

interface Given {
  readonly site: string;
  readonly switch: string | undefined;
  readonly listen: string | undefined;
  readonly seeds: string | undefined;
  readonly write: boolean;
}

export interface SiteAgent {
  readonly device: SiteDevice;
  readonly config: AgentConfig;
  readonly settings: ProvisioningSettings;
  readonly listen: Address;
  /** Of the device, where the site names one. */
  readonly credentialsFile: string | null;
}

/** Throws `UsageError` and `ScenarioError`. */
export function agentOf(given: Given): SiteAgent {
  const site = readSite(given.site);
  const device = deviceOf(site, given);
  const ports = portsWithFibres(site, device.name).length;
  if (ports > LIMITS.portsMax)
    throw new UsageError(
      `${given.site}: ${ports} fibres end at ${device.name}: an agent tells others of ${LIMITS.portsMax} ports at most`,
    );
  if (ports === 0)
    throw new UsageError(
      `${given.site}: no fibre ends at ${device.name}: its agent would have nothing to do`,
    );
  const address = agentAddress(device, given.site);
  const seeds = seedsOf(site, device, given);
  const contacts = { peers: [], address, ...(seeds.length > 0 && { seeds }) };
  const hosts = site.hosts.map(({ name, power, sensitivity, daemon }) => ({
    name,
    transceiver: { power, sensitivity },
    ...(daemon && { speaker: daemon }),
  }));
  const listen = given.listen === undefined ? address : parseAddress(given.listen, '--listen');
  const config = agentConfigOf({ ...site, hosts }, device, { tcpPort: listen.tcpPort, ...contacts });
  const { credentials } = device;
  return {
    device,
    config: given.write ? config : { ...config, isWatchOnly: true },
    settings: site.provisioning,
    listen,
    credentialsFile: credentials === undefined ? null : resolve(dirname(given.site), credentials),
  };
}

function deviceOf({ devices }: Site, { site, switch: name }: Given): SiteDevice {
  const names = devices.map((device) => device.name);
  if (name === undefined) {
    const [only, ...others] = devices;
    if (only !== undefined && others.length === 0) return only;
    throw new UsageError(`${site} has several devices: --switch says which (${names.join(', ')})`);
  }
  const found = devices.find((device) => device.name === name);
  if (found !== undefined) return found;
  const meant = nearMiss(name, names);
  const suggestion = meant === null ? `, only ${names.join(', ')}` : `; did you mean ${meant}?`;
  throw new UsageError(`--switch ${name}: there is no such device in ${site}${suggestion}`);
}

function agentAddress({ name, agent }: SiteDevice, file: string): Address {
  if (agent !== undefined) return parseAddress(agent, `${file}: agent of ${name}`, DEFAULT_AGENT_TCP_PORT);
  throw new UsageError(
    `${file}: ${name} says not where other agents reach its agent: add agent: HOST:PORT to it`,
  );
}

/** Those of the command line, those of the file, or all agents of the file, but never itself. */
function seedsOf(site: Site, own: SiteDevice, { site: file, seeds }: Given): readonly Address[] {
  if (seeds !== undefined)
    return seeds
      .split(',')
      .filter((each) => each !== '')
      .map((each) => parseAddress(each, '--seeds', DEFAULT_AGENT_TCP_PORT));
  const named = site.provisioning.seeds;
  return site.devices
    .filter(({ name, agent }) =>
      named === undefined
        ? name !== own.name && agent !== undefined
        : name !== own.name && named.includes(name),
    )
    .map((device) => agentAddress(device, file));
}
