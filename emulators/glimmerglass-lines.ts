// The text lines of a Glimmerglass, as its releases wrote them. Order and number of the fields changed from
// release to release, so a client that reads them by position reads one release only. Orders and known values:
// MonALISA (2005: 12 fields; SC08: 15) and cloudshell-L1-glimmerglass (2016: 18). Values that no source states are ours.

import type { Dbm } from '../src/core/quantity.ts';
import { formatNamed } from '../src/tl1/fields.ts';
import { inputAid, outputAid } from './glimmerglass-aid.ts';

/** Named by the number of fields in a cross-connect line. */
export type GlimmerglassLayout = 12 | 15 | 18;

export interface CrossConnectState {
  /** Names of the ports where they have one other than their number's; null elsewhere. */
  readonly inputName?: string | null;
  readonly outputName?: string | null;
  /** Port numbers; null for the missing side of a port that is not connected. */
  readonly input: string | null;
  readonly output: string | null;
  readonly inputPower: Dbm;
  readonly outputPower: Dbm;
  readonly state: 'steady' | 'fault' | 'single';
  readonly cause: 'none' | 'initial_connection_timer_expired' | 'input_loss_of_light';
  /** Whoever made it; empty where nothing is connected. */
  readonly user: string;
}

const ORDERS: Record<GlimmerglassLayout, readonly string[]> = {
  12: words(
    'IPORTID IPORTNAME OPORTID OPORTNAME CONNID CONNSTATE CONNCAUSE INPWR OUTPWR PWRLOSS CONNLOCK CONNLOCKUSER',
  ),
  15: words(
    'IPORTID IPORTNAME IPORTCOMMENT OPORTID OPORTNAME OPORTCOMMENT INPWR OUTPWR PWRLOSS CONNID CONNNAME CONNSTATE CONNCAUSE CONNLOCK CONNLOCKUSER',
  ),
  18: words(
    'IPORTID IPORTGROUP IPORTNAME IPORTCOMMENT INPWR OPORTID OPORTGROUP OPORTNAME OPORTCOMMENT OUTPWR SIGBAND PWRLOSS CONNID CONNNAME CONNSTATE CONNCAUSE CONNLOCK CONNLOCKUSER',
  ),
};

/** Decimals of a power: three in 2005, two in 2016; those of the layout between are [I]. */
const DECIMALS: Record<GlimmerglassLayout, number> = { 12: 3, 15: 3, 18: 2 };
/** What stands for a power that cannot be: 0.000 in 2005, NA in 2016; [I] for the layout between. */
const NO_POWER: Record<GlimmerglassLayout, string> = { 12: '0.000', 15: '0.000', 18: 'NA' };

/** [U] what a port's group reads when nobody made groups. */
const PORT_GROUP = 'all-ports';

/** One line of RTRV-CRS-FIBER, without its quotes. */
export function crossConnectLine(layout: GlimmerglassLayout, c: CrossConnectState): string {
  const hasBoth = c.input !== null && c.output !== null;
  const values = new Map<string, string>([
    ...side(layout, 'I', c.input, 'IN', c.inputPower, c.inputName),
    ...side(layout, 'O', c.output, 'OUT', c.outputPower, c.outputName),
    ['SIGBAND', '1550'],
    ['PWRLOSS', hasBoth ? power(layout, c.inputPower - c.outputPower) : NO_POWER[layout]],
    ['CONNID', '0'], // in every sample
    ['CONNNAME', hasBoth ? portName(layout, 'IN', c.input) : ''],
    ['CONNSTATE', c.state],
    ['CONNCAUSE', c.cause],
    ['CONNLOCK', '0'],
    ['CONNLOCKUSER', layout === 12 ? '' : c.user],
  ]);
  return formatNamed('GGN', pairs(values, ORDERS[layout]));
}

/** One line of RTRV-PORT-POWER. The place of PORTNAME in newer releases is [I]. */
export function powerLine(
  layout: GlimmerglassLayout,
  port: string,
  direction: 'in' | 'out',
  at: Dbm,
  ownName: string | null = null,
): string {
  const called = ownName ?? portName(layout, direction === 'in' ? 'IN' : 'OUT', port);
  const name: [string, string][] = layout === 12 ? [] : [['PORTNAME', called]];
  const aid = direction === 'in' ? inputAid(port) : outputAid(port);
  return formatNamed('GGN', [['PORTID', aid], ...name, ['PORTPOWER', power(layout, at)]]);
}

/** One line of RTRV-CFG-FIBER, as in 2016; the older one (Pynt) with its PORTDIR and PORTPRIV for the older layouts. */
export function configurationLine(
  layout: GlimmerglassLayout,
  port: string,
  direction: 'in' | 'out',
  ownName: string | null = null,
): string {
  const isInput = direction === 'in';
  const aid = isInput ? inputAid(port) : outputAid(port);
  const name = ownName ?? portName(layout, isInput ? 'IN' : 'OUT', port);
  const values = new Map([
    ['PORTID', aid],
    ['PORTGROUP', PORT_GROUP],
    ['PORTNAME', name],
    ['SIGBAND', '1550'],
    ['SIGTHRESH', '1550'],
    ['PORTDIR', isInput ? 'input' : 'output'],
    ['PORTHEALTH', 'ok'], // [U]
    ['PORTCAT', 'nor'],
    ['PORTPRIV', '0x1'],
    ['PORTCOMMENT', ''],
    ['STMINSEV', 'MN'], // [U], like the next two
    ['STMAXSEV', 'CR'],
    ['CSFLTSEV', 'MJ'],
  ]);
  const order =
    layout === 18
      ? `PORTID PORTGROUP PORTNAME SIGBAND SIGTHRESH PORTHEALTH PORTCAT PORTCOMMENT STMINSEV STMAXSEV${isInput ? '' : ' CSFLTSEV'}`
      : 'PORTID PORTNAME PORTDIR PORTHEALTH PORTCAT PORTPRIV';
  return formatNamed('GGN', pairs(values, words(order)));
}

/** One line of RTRV-SIGTYPE-FIBER: the name of its field is known, its values are not [U]. */
export function signalLine(port: string, direction: 'in' | 'out'): string {
  const aid = direction === 'in' ? inputAid(port) : outputAid(port);
  return formatNamed('GGN', [
    ['PORTID', aid],
    ['SIGTYPE', 'any'],
  ]);
}

function side(
  layout: GlimmerglassLayout,
  letter: 'I' | 'O',
  port: string | null,
  name: 'IN' | 'OUT',
  at: Dbm,
  ownName: string | null = null,
): [string, string][] {
  const aid = port === null ? '0' : name === 'IN' ? inputAid(port) : outputAid(port);
  return [
    [`${letter}PORTID`, aid],
    [`${letter}PORTGROUP`, port === null ? '' : PORT_GROUP],
    [`${letter}PORTNAME`, ownName ?? portName(layout, name, port)],
    [`${letter}PORTCOMMENT`, ''],
    [`${name}PWR`, port === null ? NO_POWER[layout] : power(layout, at)],
  ];
}

/** Names are what a site gives; [I] the first release had none, and ours are the port's side and number. */
const portName = (layout: GlimmerglassLayout, name: 'IN' | 'OUT', port: string | null): string =>
  layout === 12 || port === null ? '' : `${port}-${name.toLowerCase()}`;

const power = (layout: GlimmerglassLayout, value: number): string => value.toFixed(DECIMALS[layout]);

function pairs(values: ReadonlyMap<string, string>, order: readonly string[]): [string, string][] {
  return order.map((name) => [name, values.get(name) ?? '']);
}

function words(text: string): string[] {
  return text.split(' ');
}
