// What a CD/CI's listings say, read by name so that neither new fields nor another order matter. A line begins with
// the object's name and a comma, an EFLOW's with a colon; names and aliases may hold colons, and lists in brackets
// commas (samples of perfSONAR's CoreDirector.pm). A CRS has no name in front, but a field NAME.

import { parseAidList } from '../tl1/fields.ts';

export interface CienaObject {
  /** Empty where the line begins with a field. */
  readonly name: string;
  /** By name in upper case; the first of two with the same name counts. */
  readonly fields: ReadonlyMap<string, string>;
}

/** Reads a text line. Never throws, whatever the text. */
export function parseObject(line: string): CienaObject {
  const fields = new Map<string, string>();
  let name = '';
  // A colon right before a field's name parts fields, as a comma does.
  for (const [i, part] of splitOutside(line.replace(/:+(?=[A-Z][A-Z0-9_]*=)/g, ',')).entries()) {
    const at = part.indexOf('=');
    if (at <= 0) {
      if (i === 0) name = part;
      continue;
    }
    const key = part.slice(0, at).toUpperCase();
    if (!fields.has(key)) fields.set(key, part.slice(at + 1));
  }
  return { name, fields };
}

/** At commas that stand in no brackets, braces or quotes. What is left open ends with the text. */
function splitOutside(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (c === '[' || c === '{') depth++;
    else if ((c === ']' || c === '}') && depth > 0) depth--;
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

export interface Vcg {
  readonly name: string;
  readonly ttp: string;
  /** The Ethernet port. */
  readonly port: string;
  readonly slots: readonly number[];
  /** In STS-1. */
  readonly provisioned: number;
  readonly operational: number;
  readonly isLocked: boolean;
}

export interface Gtp {
  readonly name: string;
  readonly ctps: readonly string[];
}

export interface Snc {
  readonly name: string;
  readonly gtp: string;
  readonly isLocked: boolean;
}

export interface Crs {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly isLocked: boolean;
}

export interface Eflow {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export function readVcg({ name, fields }: CienaObject): Vcg {
  const slots = listOf(fields.get('GROUPMEM')).map(Number);
  return {
    name,
    ttp: upper(fields.get('SUPPTTP')),
    port: upper(fields.get('TUNNELPEERNAME')),
    slots,
    provisioned: numberOf(fields.get('PROVBW')) ?? slots.length,
    operational: numberOf(fields.get('OPERBW')) ?? 0,
    isLocked: isLocked(fields),
  };
}

export const readGtp = ({ name, fields }: CienaObject): Gtp => ({ name, ctps: listOf(fields.get('CTP')) });

export const readSnc = ({ name, fields }: CienaObject): Snc => ({
  name,
  gtp: fields.get('FROMENDPOINT') ?? '',
  isLocked: isLocked(fields),
});

export const readCrs = ({ fields }: CienaObject): Crs => ({
  name: fields.get('NAME') ?? '',
  from: fields.get('FROMENDPOINT') ?? '',
  to: fields.get('TOENDPOINT') ?? '',
  isLocked: isLocked(fields),
});

export const readEflow = ({ name, fields }: CienaObject): Eflow => ({
  name,
  from: fields.get('INGRESSPORTNAME') ?? '',
  to: fields.get('EGRESSPORTNAME') ?? '',
});

/** Out of service by command: OOS-MA, OOS-AUMA; OOS-AU is by itself. */
const isLocked = (fields: ReadonlyMap<string, string>): boolean => upper(fields.get('PST')).endsWith('MA');

const upper = (text: string | undefined): string => (text ?? '').toUpperCase();

function numberOf(text: string | undefined): number | null {
  const n = Number(text);
  return text !== undefined && text !== '' && Number.isFinite(n) ? n : null;
}

function listOf(text: string | undefined): readonly string[] {
  const list = parseAidList(text ?? '');
  return list.kind === 'aids' ? list.aids : [];
}
