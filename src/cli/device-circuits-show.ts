// Circuits as tables for people or as JSON for programs, once or live: what each carries now against what it was
// provisioned with, and the alarms of their nodes as they come.

import type { Circuit, CircuitService } from '../circuits/circuit-service.ts';
import { CircuitError } from '../circuits/errors.ts';
import { formatRate } from '../core/quantity.ts';
import type { Duration } from '../core/time.ts';
import { hostClock } from '../host/clock.ts';
import { left, right, textTable } from '../report/text-table.ts';
import { headerTime } from '../tl1/calendar.ts';
import { EXIT_OK } from './exit-code.ts';

export function showCircuits(circuits: readonly Circuit[], isJson: boolean): number {
  if (isJson) console.log(JSON.stringify(circuits.map(dataOf)));
  else if (circuits.length === 0) console.log('no circuits');
  else
    console.log(
      textTable(
        [left('circuit'), left('ends'), right('provisioned'), right('operational'), left('is')],
        circuits.map((c) => [
          c.name,
          endsOf(c),
          formatRate(c.provisioned),
          formatRate(c.operational),
          c.isWhole ? 'whole' : 'a part',
        ]),
      ),
    );
  return EXIT_OK;
}

/** Alarms as they come, and each circuit when its bandwidth has changed, until `until` is aborted. */
export async function watchCircuits(
  service: CircuitService,
  { every, until, isJson }: { every: Duration; until: AbortSignal; isJson: boolean },
): Promise<void> {
  const shown = new Map<string, string>();
  const tell = (data: object, text: string): void => {
    const wall = hostClock.wall();
    const line = JSON.stringify({ at_ms: Number(wall / 1_000_000n), ...data });
    console.log(isJson ? line : `${headerTime(wall).time}  ${text}`);
  };
  const unsubscribe = service.subscribe((alarm) => {
    const { node, object, severity, condition, text } = alarm;
    tell({ kind: 'alarm', ...alarm }, `${node} ${object}  ${severity} ${condition} ${text}`.trimEnd());
  });
  try {
    while (!until.aborted) {
      for (const [name, text, data] of await bandwidths(service)) {
        if (shown.get(name) === text) continue;
        shown.set(name, text);
        tell(data, text);
      }
      await hostClock.sleep(every, until).catch(() => {});
    }
  } finally {
    unsubscribe();
  }
}

/** A word on why, where the nodes do not answer: a watch goes on. */
async function bandwidths(service: CircuitService): Promise<readonly [name: string, text: string, object][]> {
  try {
    const circuits = await service.list();
    return circuits.map((c) => [
      c.name,
      `${c.name}  ${formatRate(c.operational)} of ${formatRate(c.provisioned)}`,
      { kind: 'circuit', ...dataOf(c) },
    ]);
  } catch (error) {
    if (!(error instanceof CircuitError)) throw error;
    return [['', error.message, { kind: 'failure', text: error.message }]];
  }
}

const endsOf = ({ ends }: Circuit): string => ends.map(({ node, port }) => `${node}/${port}`).join(' – ');

const dataOf = ({ name, ends, provisioned, operational, isWhole }: Circuit) => ({
  ...{ circuit: name, ends },
  provisioned_bps: provisioned,
  operational_bps: operational,
  is_whole: isWhole,
});
