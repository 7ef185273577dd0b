// A plan as people read it before they let it be applied: what is done, in which order, and what light does.

import { type Duration, formatDuration, ms } from '../core/time.ts';
import { left, right, textTable } from '../report/text-table.ts';
import {
  type CutForecast,
  type PathForecast,
  type Plan,
  type PlanStep,
  type RouteForecast,
  stepTitle,
} from './plan.ts';

export function planTables(plan: Plan): string {
  if (plan.steps.length === 0) return 'Nothing to do: all is as the changes want it.';
  const sections = [
    `${count(plan.steps.length, 'step')}, ${time(plan.predicted_ms)} with the read-back of each, by the twin:`,
    stepsTable(plan.steps),
    'Light paths:',
    pathsTable(plan.paths),
    'If one fibre were cut afterwards:',
    cutsTable(plan.cuts),
  ];
  if (plan.warnings.length > 0)
    sections.push('Before the changes, not as the site means it:', plan.warnings.map(indented).join('\n'));
  return sections.join('\n\n');
}

/** Each command with its undo. */
export function stepsTable(steps: readonly PlanStep[]): string {
  const rows = steps.flatMap((step) => {
    const lines = Math.max(step.commands.length, step.undo.length);
    return Array.from({ length: lines }, (_, i) => {
      const isFirst = i === 0;
      return [
        isFirst ? String(step.number) : '',
        isFirst ? stepTitle(step) : '',
        plain(step.commands[i]?.text ?? ''),
        plain(step.undo[i] ?? ''),
        isFirst ? time(step.predicted_ms) : '',
      ];
    });
  });
  return textTable([right('#'), left('step'), left('commands'), left('undo'), right('predicted')], rows);
}

function pathsTable(paths: readonly PathForecast[]): string {
  const rows = paths.flatMap((path) => {
    const { before, after } = path;
    const hosts = [...new Set([before, after].flatMap((r) => r?.receivers.map(({ host }) => host) ?? []))];
    return (hosts.length === 0 ? [''] : hosts).map((host, i) => [
      i === 0 ? path.path : '',
      i === 0 ? fate(path) : '',
      host,
      budget(before, host),
      budget(after, host),
      darkness(path, host),
    ]);
  });
  if (rows.length === 0) return '  none';
  return textTable(
    [left('path'), left(''), left('receiver'), left('before'), left('after'), left('dark')],
    rows,
  );
}

function fate({ before, after, touched_by }: PathForecast): string {
  if (before === null) return after === null ? 'not there' : `new: ${after.fibres.join(' ')}`;
  if (after === null) return 'goes';
  if (touched_by.length === 0) return 'not touched';
  return `touched by ${count(touched_by.length, 'step')}: ${after.fibres.join(' ')}`;
}

function budget(route: RouteForecast | null, host: string): string {
  const receiver = route?.receivers.find((one) => one.host === host);
  if (receiver === undefined) return '–';
  const margin = receiver.budget_dbm - receiver.sensitivity_dbm;
  return `${receiver.budget_dbm.toFixed(1)} dBm, ${margin.toFixed(1)} dB to spare`;
}

function darkness({ dark }: PathForecast, host: string): string {
  const spells = dark.filter((one) => one.host === host);
  if (spells.length === 0) return '–';
  return spells.map(({ for_ms }) => (for_ms === null ? 'from then on' : time(for_ms))).join(', ');
}

function cutsTable(cuts: readonly CutForecast[]): string {
  if (cuts.length === 0) return '  nobody would notice';
  const rows = cuts.flatMap(({ fibre, lost }) =>
    lost.map(({ path, other_way, reason }, i) => [
      i === 0 ? fibre : '',
      path,
      other_way === null ? `stays dark: ${reason}` : `could go by ${other_way.join(' ')}`,
    ]),
  );
  return textTable([left('fibre'), left('dark'), left('then')], rows);
}

/** Without the place of the CTAG, which says nothing to a reader. */
const plain = (command: string): string => command.replace('{ctag}', '*');

const time = (milliseconds: number): string => formatDuration(ms(milliseconds) as Duration);
const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
const indented = (line: string): string => `  ${line}`;
