// What light may lose on its way, as the command line has it: decibels, or what the receivers of a scenario allow.

import { parseQuantity } from '../core/quantity.ts';
import { UsageError } from './exit-code.ts';
import { isMapFile } from './map-file.ts';
import { readScenario } from './scenario-file.ts';

/** In dB. Throws `UsageError`. */
export function readBudget(word: string, map: string, from: string, to: string): number {
  if (word === 'receiver') return receiverBudget(map, from, to);
  const parsed = parseQuantity(/^[\d.]+$/.test(word) ? `${word} dB` : word, 'ratio');
  if (parsed.kind === 'ok' && parsed.value >= 0) return parsed.value;
  throw new UsageError(`--budget is "20 dB" or "receiver", not "${word}"`);
}

/** Launch power less sensitivity, in the worse of both directions. */
function receiverBudget(map: string, from: string, to: string): number {
  if (isMapFile(map))
    throw new UsageError('--budget receiver is for scenarios: a map has no receivers; give decibels');
  const { hosts } = readScenario(map).scenario;
  const [a, b] = [from, to].map((name) => {
    const host = hosts.find((one) => one.name === name);
    if (host === undefined)
      throw new UsageError(`--budget receiver is for hosts, and ${name} is none: give decibels`);
    return host.transceiver;
  });
  if (a === undefined || b === undefined) throw new UsageError('--budget receiver is for two hosts');
  return Math.min(a.power - b.sensitivity, b.power - a.sensitivity);
}
