// A TL1 command as a plan writes it: word for word as it goes over the wire, but for the CTAG, which every sending
// gets anew.

import { formatCommand, parseCommand } from '../tl1/command.ts';
import { Tl1CommandError } from '../tl1/errors.ts';
import type { Tl1Request } from '../tl1/link.ts';
import { FileFormatError } from './errors.ts';

const CTAG = '{ctag}';
/** Stands for the CTAG while a text is made or read; no verb, TID or AID of ours has it at that place. */
const STAND_IN = 'ctag';

export function textOfRequest(request: Tl1Request): string {
  const text = formatCommand({ ...request, ctag: STAND_IN });
  const [verb, tid, aid] = [request.verb, request.tid ?? '', request.aid ?? ''];
  const head = `${verb}:${tid}:${aid}:`;
  return `${head}${CTAG}${text.slice(head.length + STAND_IN.length)}`;
}

/** The request that is written so. Throws `FileFormatError` for a text that none is. */
export function requestOfText(text: string): Tl1Request {
  const parsed = parseCommand(text.replace(CTAG, STAND_IN).replace(/;$/, ''));
  if (parsed.kind === 'command') {
    const { verb, tid, aid, general, payload } = parsed.command;
    const head = { verb, tid, aid };
    const forms = [head, { ...head, general }, { ...head, general, payload }];
    const same = forms.find((form) => writtenAs(form) === text);
    if (same !== undefined) return same;
  }
  throw new FileFormatError(`not a TL1 command as plans write them: ${text}`);
}

/** Null for parts that cannot be written: what is read leniently is not written so. */
function writtenAs(request: Tl1Request): string | null {
  try {
    return textOfRequest(request);
  } catch (error) {
    if (error instanceof Tl1CommandError) return null;
    throw error;
  }
}
