// The colours of all pictures and pages. Pictures carry the light ones as plain attributes, so that any
// viewer shows them; a style sheet inside maps each to its dark counterpart where the reader's screen is dark.

import { element } from './xml.ts';

interface Colour {
  readonly light: string;
  readonly dark: string;
}

const COLOURS = {
  paper: { light: '#ffffff', dark: '#14181e' },
  panel: { light: '#f4f6f9', dark: '#1c222b' },
  rule: { light: '#dde3ea', dark: '#313b48' },
  device: { light: '#fdfdfe', dark: '#242c37' },
  line: { light: '#97a3b2', dark: '#66758a' },
  muted: { light: '#5a6675', dark: '#9aa8b9' },
  ink: { light: '#18202b', dark: '#e6ebf2' },
  path: { light: '#0b62c4', dark: '#62a8ff' },
  pathSoft: { light: '#d9e8fb', dark: '#1b3a60' },
  cut: { light: '#c8261f', dark: '#ff7a70' },
  cutSoft: { light: '#fbe4e2', dark: '#4f2320' },
  good: { light: '#21763a', dark: '#5fce80' },
  goodSoft: { light: '#def2e3', dark: '#1b4227' },
  second: { light: '#a05a00', dark: '#f0a94a' },
  harm1: { light: '#e9b03c', dark: '#e8c268' },
  harm2: { light: '#e37325', dark: '#f2904a' },
  harm4: { light: '#7a0d2c', dark: '#ff5fb0' },
  detour1: { light: '#9cc4ee', dark: '#2c5480' },
  detour2: { light: '#5796da', dark: '#4480c4' },
  detour4: { light: '#0a3266', dark: '#b5d8ff' },
  third: { light: '#7a3fb5', dark: '#c79bf5' },
} as const satisfies Record<string, Colour>;

export type ColourName = keyof typeof COLOURS;

const entries = Object.entries(COLOURS) as readonly (readonly [ColourName, Colour])[];

/** As an attribute of a picture says it. */
export const colour = Object.fromEntries(entries.map(([name, c]) => [name, c.light])) as Readonly<
  Record<ColourName, string>
>;

export const FONT = 'Helvetica, Arial, sans-serif';

// A page printed from a dark screen is light.
const DARK = '@media screen and (prefers-color-scheme: dark)';

/** For the start of an SVG picture whose root has the class `lightbed`. */
export const pictureStyle = (): string =>
  element(
    'style',
    {},
    `${DARK}{${entries
      .flatMap(([, { light, dark }]) =>
        ['fill', 'stroke'].map((p) => `.lightbed [${p}="${light}"]{${p}:${dark}}`),
      )
      .join('')}}`,
  );

/** Custom properties for a page: `var(--ink)`. */
export function pageColours(): string {
  const set = (mode: keyof Colour): string =>
    `:root{${entries.map(([name, c]) => `--${name}:${c[mode]}`).join(';')}}`;
  return `${set('light')}\n${DARK}{${set('dark')}}`;
}
