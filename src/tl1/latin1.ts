// Bytes to strings and back, one character per byte, so that any byte survives. TextDecoder's "latin1" is
// windows-1252, which changes 0x80 to 0x9f; a TextDecoder serves only where all bytes are ASCII.

const ascii = new TextDecoder();
const encoder = new TextEncoder();
/** Arguments of one call of `fromCharCode`; engines limit them to some tens of thousands. */
const PIECE = 4096;

/** Only for bytes below 0x80, which the caller has made sure of. */
export const decodeAscii = (bytes: Uint8Array): string => ascii.decode(bytes);

export function decodeLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += PIECE)
    text += String.fromCharCode.apply(null, bytes.subarray(i, i + PIECE) as unknown as number[]);
  return text;
}

/** Characters above 0xff, which TL1 has no way to carry, become `?`. */
export function encodeLatin1(text: string): Uint8Array {
  // UTF-8 has one byte for a character only where that is ASCII, as nearly all that is sent.
  const utf8 = encoder.encode(text);
  if (utf8.length === text.length) return utf8;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[i] = code > 0xff ? 0x3f : code;
  }
  return bytes;
}
