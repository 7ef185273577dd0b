// What `lightbed path request` asks of a light path beside its ends: options of the command line into the terms that agents
// keep. Names of fibres stand as they are; `switch:` and `srlg:` before a name say what else it is.

import type { Argv } from 'yargs';
import { type Dimension, parseQuantity } from '../core/quantity.ts';
import { LONGEST_SPAN, LONGEST_SPAN_HOURS } from '../core/time.ts';
import { LOWEST_PRIORITY, type PathTerms, type RouteTerms } from '../provisioning/path-terms.ts';
import { DISJOINT_KINDS, PROTECTION_KINDS } from '../provisioning/protection.ts';
import { UsageError } from './exit-code.ts';

export interface TermsArguments {
  simplex: boolean;
  priority: number | undefined;
  preempt: boolean;
  pinned: boolean;
  protection: (typeof PROTECTION_KINDS)[number] | undefined;
  disjoint: (typeof DISJOINT_KINDS)[number] | undefined;
  revert: string | undefined;
  start: string | undefined;
  end: string | undefined;
  hold: string | undefined;
  via: string | undefined;
  avoid: string | undefined;
  along: string | undefined;
  'max-length': string | undefined;
  'power-budget': string | undefined;
}

/** More than agents take of one kind would be refused by the daemon without a word on which. */
const NAMES_MAX = 64;

export const withTerms = <T>(yargs: Argv<T>): Argv<T & TermsArguments> =>
  yargs
    .option('simplex', { type: 'boolean', default: false, describe: 'light goes to the other end only' })
    .option('priority', { type: 'number', describe: `0 goes first, ${LOWEST_PRIORITY} last` })
    .option('preempt', {
      type: 'boolean',
      default: false,
      describe: 'it may take fibres from paths with a lower priority',
    })
    .option('pinned', {
      type: 'boolean',
      default: false,
      describe: 'it stays on its first route: cut, it is down until that is whole again',
    })
    .option('protection', { choices: PROTECTION_KINDS, describe: 'a second route that takes over' })
    .option('disjoint', {
      choices: DISJOINT_KINDS,
      describe: 'what the two routes never share (default: edge)',
    })
    .option('revert', {
      type: 'string',
      describe: "back to its first route once that has been whole so long, as '5 min'",
    })
    .option('start', { type: 'string', describe: "reserved from then on, as '10 min' from now" })
    .option('end', { type: 'string', describe: "reserved until then, as '1 h' from now" })
    .option('hold', {
      type: 'string',
      describe: 'keep its ports that long; `path confirm` has them connected',
    })
    .option('via', {
      type: 'string',
      describe: 'fibres to pass, separated by commas; switch:NAME for others',
    })
    .option('avoid', { type: 'string', describe: 'fibres to leave out; switch:NAME, srlg:NAME for others' })
    .option('along', {
      type: 'string',
      describe: 'the fibres to take, all and only these, those at the hosts included',
    })
    .option('max-length', { type: 'string', describe: "of all fibres together, as '2000 km'" })
    .option('power-budget', {
      type: 'string',
      describe: "what light may lose from end to end, as '20 dB' (default: what the hosts allow)",
    });

/** `now` is in ms since 1970. Throws `UsageError`. */
export function termsOf(given: TermsArguments, now: number): PathTerms {
  const { simplex, priority, preempt, pinned, protection, disjoint, revert } = given;
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 0 && priority <= LOWEST_PRIORITY))
    throw new UsageError(`--priority ${priority}: expected a whole number from 0 to ${LOWEST_PRIORITY}`);
  if (disjoint !== undefined && protection === undefined)
    throw new UsageError('--disjoint is about two routes: give --protection, too');
  const reserve = reserveOf(given, now);
  const route = routeOf(given);
  return {
    ...(simplex ? { isSimplex: true } : {}),
    ...(priority === undefined ? {} : { priority }),
    ...(preempt ? { mayPreempt: true } : {}),
    ...(pinned ? { isPinned: true } : {}),
    ...(protection === undefined ? {} : { protection: { kind: protection, disjoint: disjoint ?? 'edge' } }),
    ...(revert === undefined ? {} : { waitToRestore_ns: span(revert, 'revert') }),
    ...(Object.keys(reserve).length === 0 ? {} : { reserve }),
    ...(Object.keys(route).length === 0 ? {} : { route }),
  };
}

function reserveOf(given: TermsArguments, now: number): NonNullable<PathTerms['reserve']> {
  const { start, end, hold } = given;
  for (const option of ['start', 'end', 'hold'] as const) {
    const text = given[option];
    if (text !== undefined && quantity(text, option, 'time') < (option === 'start' ? 0 : 1))
      throw new UsageError(`--${option} ${text}: expected a time from now on`);
  }
  const after = start === undefined ? 0 : quantity(start, 'start', 'time');
  if (end !== undefined && quantity(end, 'end', 'time') <= after)
    throw new UsageError(`--end ${end}: expected a time after --start ${start}`);
  const at = (text: string, option: string): number => now + Math.round(quantity(text, option, 'time') / 1e6);
  return {
    ...(start === undefined ? {} : { start: at(start, 'start') }),
    ...(end === undefined ? {} : { end: at(end, 'end') }),
    ...(hold === undefined ? {} : { hold: span(hold, 'hold') }),
  };
}

function routeOf(given: TermsArguments): RouteTerms {
  const via = named(given.via, 'via', ['switch']);
  const avoid = named(given.avoid, 'avoid', ['switch', 'srlg']);
  const along = named(given.along, 'along', []);
  const { 'max-length': maxLength, 'power-budget': powerBudget } = given;
  return {
    ...list('along', along['']),
    ...list('viaFibres', via['']),
    ...list('viaSwitches', via['switch']),
    ...list('avoidFibres', avoid['']),
    ...list('avoidSwitches', avoid['switch']),
    ...list('avoidSrlgs', avoid['srlg']),
    ...(maxLength === undefined ? {} : { maxLength: atLeastNothing(maxLength, 'max-length', 'length') }),
    ...(powerBudget === undefined
      ? {}
      : { powerBudget: atLeastNothing(powerBudget, 'power-budget', 'ratio') }),
  };
}

const list = <K extends keyof RouteTerms>(key: K, names: readonly string[] | undefined): RouteTerms =>
  names === undefined ? {} : { [key]: names };

/** The names of each kind; of fibres under ''. */
function named(
  text: string | undefined,
  option: string,
  kinds: readonly string[],
): Record<string, string[] | undefined> {
  const found: Record<string, string[]> = {};
  if (text === undefined) return found;
  const words = text.split(',').map((word) => word.trim());
  if (words.includes('') || words.length > NAMES_MAX)
    throw new UsageError(`--${option} "${text}": expected up to ${NAMES_MAX} names, separated by commas`);
  for (const word of words) {
    const kind = kinds.find((each) => word.startsWith(`${each}:`)) ?? '';
    const name = kind === '' ? word : word.slice(kind.length + 1);
    if (name === '') throw new UsageError(`--${option} "${word}": expected a name after ${kind}:`);
    found[kind] = [...(found[kind] ?? []), name];
  }
  return found;
}

function span(text: string, option: string): number {
  const value = atLeastNothing(text, option, 'time');
  if (value > LONGEST_SPAN)
    throw new UsageError(`--${option} ${text}: expected at most 52 days, ${LONGEST_SPAN_HOURS} h`);
  return value;
}

function atLeastNothing(text: string, option: string, dimension: Dimension): number {
  const value = quantity(text, option, dimension);
  if (value < 0) throw new UsageError(`--${option} ${text}: expected 0 or more`);
  return value;
}

function quantity(text: string, option: string, dimension: Dimension): number {
  const parsed = parseQuantity(text, dimension);
  if (parsed.kind === 'bad') throw new UsageError(`--${option} ${text}: expected ${parsed.expected}`);
  return parsed.value;
}
