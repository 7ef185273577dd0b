// Bytes to strings and back, one character per byte, so that any byte survives. TextDecoder's "latin1" is
// windows-1252, which changes 0x80 to 0x9f; it serves only where all bytes are ASCII.

const ascii = new TextDecoder();
/** Arguments of one call of `fromCharCode`; engines limit them to some tens of thousands. */
const PIECE = 4096;

export function decodeLatin1(bytes: Uint8Array): string {
  if (bytes.length > 32 && isAscii(bytes)) return ascii.decode(bytes);
  let text = '';
  for (let i = 0; i < bytes.length; i += PIECE)
    text += String.fromCharCode.apply(null, bytes.subarray(i, i + PIECE) as unknown as number[]);
  return text;
}

/** Characters above 0xff, which TL1 has no way to carry, become `?`. */
export function encodeLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[i] = code > 0xff ? 0x3f : code;
  }
  return bytes;
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) >= 0x80) return false;
  return true;
}
