// XML and SVG as text: elements whose attributes and contents cannot break out of their place.

/** Text for contents and quoted attributes; characters that XML 1.0 forbids become U+FFFD. */
export const escapeXml = (text: string): string =>
  text.replace(FORBIDDEN, '\uFFFD').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

// Forbidden by XML 1.0, section 2.2: controls other than tab, line feed and carriage return, lone surrogates, FFFE, FFFF.
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that must go
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

type Attributes = Readonly<Record<string, string | number | null>>;

/** `<name attributes>children</name>`; children are markup already. An attribute that is null is left out. */
export function element(name: string, attributes: Attributes = {}, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escapeXml(String(value))}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

/** Two decimals are enough for a picture, and keep its file small. */
export const round = (n: number): number => Math.round(n * 100) / 100;
