// A TL1 command: VERB[-MOD1[-MOD2]]:[TID]:[AID]:CTAG:[GB]:[payload block][:payload block...]; as in GR-831.
// Parts are kept as they stand on the wire, so AIDs and payload blocks are opened with fields.ts.

import { Tl1CommandError } from './errors.ts';
import { isBalanced, splitUnquoted } from './quoting.ts';

export interface Tl1Command {
  /** Command code with its modifiers, `ent-crs-fiber`; case does not matter to devices. */
  readonly verb: string;
  readonly tid?: string;
  readonly aid?: string;
  /** At most 6 characters; empty = left off. */
  readonly ctag: string;
  /** The general block, normally empty; one that is given is written, even empty. */
  readonly general?: string;
  /** Payload blocks, without the `:` between them. */
  readonly payload?: readonly string[];
}

export type ParsedCommand =
  | { readonly kind: 'command'; readonly command: Required<Tl1Command> }
  /** `ctag` is what could be read of it, for the DENY; empty otherwise. */
  | {
      readonly kind: 'malformed';
      readonly errorCode: string;
      readonly reason: string;
      readonly ctag: string;
    };

/** Symmetricom TimeProvider manual and others: at most 6 characters. */
export const CTAG_LENGTH_MAX = 6;

/** The command with its `;`, as short as it goes: empty blocks at the end are left off. Throws `Tl1CommandError` for a part that would end early. */
export function formatCommand(command: Tl1Command): string {
  const { verb, tid = '', aid = '', ctag, general, payload = [] } = command;
  if (!isCtag(ctag)) throw new Tl1CommandError(verb, `a CTAG is at most 6 letters and digits, got "${ctag}"`);
  const blocks = [verb, tid, aid, ctag];
  if (general !== undefined || payload.length > 0) blocks.push(general ?? '', ...payload);
  for (const block of blocks) {
    if (!isBlock(block))
      throw new Tl1CommandError(verb, 'a part holds a ":" or ";" outside quotes, or an open quote');
  }
  return `${blocks.join(':')};`;
}

/** Reads a command without its `;`. The error codes are those of GR-831 for the mistake; a device may have others. */
export function parseCommand(text: string): ParsedCommand {
  const [verb = '', tid = '', aid = '', ctag = '', general = '', ...payload] = splitUnquoted(text, ':').map(
    (part) => part.trim(),
  );
  const malformed = (errorCode: string, reason: string): ParsedCommand => ({
    kind: 'malformed',
    errorCode,
    reason,
    ctag: isCtag(ctag) ? ctag : '',
  });
  if (!isBalanced(text)) return malformed('IISP', 'A quote does not close');
  if (!isVerb(verb)) return malformed('IICM', 'Input, Invalid Command');
  if (!isCtag(ctag)) return malformed('IICT', 'Input, Invalid Correlation Tag');
  return { kind: 'command', command: { verb, tid, aid, ctag, general, payload } };
}

const isBlock = (text: string): boolean =>
  !/[":;]/.test(text) ||
  (isBalanced(text) && splitUnquoted(text, ':').length === 1 && splitUnquoted(text, ';').length === 1);

const isVerb = (text: string): boolean => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/i.test(text);

const isCtag = (text: string): boolean => text.length <= CTAG_LENGTH_MAX && /^[a-z0-9]*$/i.test(text);
