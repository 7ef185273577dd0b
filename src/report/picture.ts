// A picture as a complete SVG document, in the colours of the reader's screen.

import { colour, FONT, pictureStyle } from './palette.ts';
import { element } from './xml.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export const picture = (title: string, { width, height }: PictureSize, ...parts: string[]): string =>
  element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'lightbed',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      'font-family': FONT,
      role: 'img',
    },
    element('title', {}, title),
    pictureStyle(),
    element('rect', { width, height, fill: colour.paper }),
    ...parts,
  );
