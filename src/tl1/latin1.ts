// Bytes to strings and back, one character per byte, so that any byte survives. TextDecoder's "latin1" is
// windows-1252, which changes 0x80 to 0x9f; a TextDecoder serves only where all bytes are ASCII.

import { encodeUtf8 } from '../platform/slab.ts';

const utf8 = new TextDecoder();
/** Arguments of one call of `fromCharCode`; engines limit them to some tens of thousands. */
const PIECE = 4096;

/** As many characters as bytes, and none of them special, only where all bytes are ASCII: the caller makes sure of that. */
export const decodeUtf8 = (bytes: Uint8Array): string => utf8.decode(bytes);

export function decodeLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += PIECE)
    text += String.fromCharCode.apply(null, bytes.subarray(i, i + PIECE) as unknown as number[]);
  return text;
}

/** Characters above 0xff, which TL1 has no way to carry, become `?`. */
export function encodeLatin1(text: string): Uint8Array {
  // UTF-8 has one byte for a character only where that is ASCII, as nearly all that is sent.
  const encoded = encodeUtf8(text);
  if (encoded.length === text.length) return encoded;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[i] = code > 0xff ? 0x3f : code;
  }
  return bytes;
}
