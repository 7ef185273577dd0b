// How a CD/CI's TL1 agent carries itself on a line: telnet options are negotiated, the echo ends its line, a return shows
// the prompt again, and a notification follows each login. Sources: DRAGON's CoreDirectorTL1 emulator, perfSONAR's
// CoreDirector.pm, MonALISA.

import { TelnetOptions } from './ciena-telnet.ts';
import type { DeviceManners } from './device/manners.ts';
import type { DeviceProfile } from './device/profile.ts';

export interface CienaSessionProfile extends DeviceProfile {
  /** Whether telnet options are negotiated; their offer is part of the greeting. */
  readonly negotiates: boolean;
  /** Whether REPT EVT SESSION follows a login. */
  readonly announcesLogin: boolean;
  /** What becomes of a retrieve with its CTAG in the place of the AID, as MonALISA's monCienaOCn sends it. */
  readonly misplacedCtag: 'deny' | 'take';
}

const [LF, CR, SEMICOLON] = [0x0a, 0x0d, 0x3b] as const;

export const cienaManners = (profile: CienaSessionProfile): DeviceManners => ({
  echoEnd: '\r\n',
  atags: { first: 100_000, last: 999_999 }, // CoreDirectorTL1 begins with it; where it wraps is [U]
  taken: profile.misplacedCtag === 'take' ? straightened : (text) => text,
  listener: () => {
    const telnet = new TelnetOptions();
    const isEnter = enters();
    return (bytes) => (profile.negotiates ? telnet.answer(bytes) : '') + (isEnter(bytes) ? '\r\n;' : '');
  },
  // `"NODE:NO,"`: what NO means is [U].
  afterLogin: profile.announcesLogin
    ? { alarmCode: 'A', verb: 'REPT EVT SESSION', lines: [`${profile.sid}:NO,`] }
    : null,
});

/** `rtrv-ocn::rocn` as `rtrv-ocn::ALL:rocn`. */
const straightened = (text: string): string =>
  text.replace(/^(rtrv-[a-z-]+)::([a-z0-9]{1,6})$/i, '$1::ALL:$2');

/** Tells a return between two commands, which shows the prompt again (CoreDirectorTL1). */
function enters(): (bytes: Uint8Array) => boolean {
  let isTyping = false;
  return (bytes) => {
    const typed = bytes.filter((byte) => byte !== CR && byte !== LF);
    if (typed.length === 0) return !isTyping && bytes.includes(CR);
    isTyping = typed.at(-1) !== SEMICOLON;
    return false;
  };
}
