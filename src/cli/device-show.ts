// What a device answered, as tables for people or as JSON for programs; each says how the command ends.

import type { CircuitOutcome } from '../circuits/circuit-service.ts';
import type { Dbm } from '../core/quantity.ts';
import { NO_READING } from '../optical/device.ts';
import type { CrossConnect, PortLabel, PowerReading, SwitchOutcome } from '../optical/switch.ts';
import { left, right, textTable } from '../report/text-table.ts';
import { EXIT_FAILED, EXIT_OK } from './exit-code.ts';

export function showPorts(ports: readonly PortLabel[], isJson: boolean): number {
  console.log(isJson ? JSON.stringify(ports) : ports.join('\n'));
  return EXIT_OK;
}

export function showCrossConnects(list: readonly CrossConnect[], isJson: boolean): number {
  if (isJson) {
    const data = list.map(({ input, output, isCarrying }) => ({ input, output, is_carrying: isCarrying }));
    console.log(JSON.stringify(data));
  } else if (list.length === 0) console.log('no cross-connects');
  else
    console.log(
      textTable(
        [left('input'), left('output'), left('light')],
        list.map((c) => [
          c.input,
          c.output,
          c.isCarrying === null ? 'unknown' : c.isCarrying ? 'through' : 'dark',
        ]),
      ),
    );
  return EXIT_OK;
}

export function showPower(readings: readonly PowerReading[], isJson: boolean): number {
  if (isJson) {
    const data = readings.map(({ port, direction, power }) => ({
      port,
      direction,
      power_dbm: power === NO_READING ? null : power,
    }));
    console.log(JSON.stringify(data));
    return EXIT_OK;
  }
  const ports = [...new Set(readings.map(({ port }) => port))];
  const cell = (port: PortLabel, direction: PowerReading['direction']): string => {
    const reading = readings.find((r) => r.port === port && r.direction === direction);
    return reading === undefined ? '' : decibels(reading.power);
  };
  console.log(
    textTable(
      [left('port'), right('in'), right('out')],
      ports.map((port) => [port, cell(port, 'in'), cell(port, 'out')]),
    ),
  );
  return EXIT_OK;
}

/** `what`: the change, as it was asked for; `listing`: what tells whether it is so. Refused and unknown are failures. */
export function showOutcome(
  outcome: SwitchOutcome | CircuitOutcome,
  what: string,
  isJson: boolean,
  listing = 'crs',
): number {
  if (isJson) {
    const { kind, ...rest } = outcome;
    const code = 'errorCode' in rest ? { error_code: rest.errorCode } : {};
    const reason = 'reason' in rest ? { reason: rest.reason } : {};
    console.log(JSON.stringify({ outcome: kind, ...code, ...reason }));
  } else if (outcome.kind === 'done') console.log(`${what}: done`);
  else if (outcome.kind === 'refused') console.error(`lightbed: ${what}: refused: ${outcome.reason}`);
  else console.error(`lightbed: ${what}: unknown, find out with ${listing}: ${outcome.reason}`);
  return outcome.kind === 'done' ? EXIT_OK : EXIT_FAILED;
}

const decibels = (power: Dbm): string => (power === NO_READING ? 'none' : `${power.toFixed(2)} dBm`);
