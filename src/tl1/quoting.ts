// Quotes in TL1: `"…"` with `\"` for a quote inside (ADC ADCP-61-471) and, so that any text can be written,
// `\\` for a backslash [our reading; the manuals read do not say]. Shared by commands, text lines and fields.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export function quote(text: string): string {
  return needsEscapes(text) ? `"${text.replace(/[\\"]/g, '\\$&')}"` : `"${text}"`;
}

/** Whether there is anything in it that quotes change. */
export const needsEscapes = (text: string): boolean => text.includes('"') || text.includes('\\');

/** What stands between the quotes at the ends of `text`; a text that is not quoted as a whole comes back as it is. */
export function unquote(text: string): string {
  if (text.charCodeAt(0) !== QUOTE || closingQuote(text, 0) !== text.length - 1) return text;
  return withoutEscapes(text.slice(1, -1));
}

/** Turns `\"` and `\\` into what they stand for; another backslash is just a backslash. */
export function withoutEscapes(text: string): string {
  return text.includes('\\') ? text.replace(/\\([\\"])/g, '$1') : text;
}

/** The position of the quote that closes the one at `open`, or -1. */
export function closingQuote(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (at - 1 - slashes > open && text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

/** Splits at each `separator` (one character) that is not inside quotes. An open quote runs to the end. Linear in the text. */
export function splitUnquoted(text: string, separator: string): string[] {
  if (!text.includes('"')) return text.split(separator);
  const parts: string[] = [];
  const wanted = separator.charCodeAt(0);
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const close = closingQuote(text, i);
      if (close < 0) break;
      i = close;
    } else if (code === wanted) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** Whether every quote that opens also closes. */
export function isBalanced(text: string): boolean {
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) {
    at = closingQuote(text, at);
    if (at < 0) return false;
  }
  return true;
}
