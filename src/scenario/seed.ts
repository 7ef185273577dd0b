// The seed of a run as files write it: a whole number or a text.

import { type Shape, show } from './shape.ts';

export const seed: Shape<string> = {
  fallback: '',
  json: { type: ['integer', 'string'] },
  read: (value, place) => {
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
    place.complain({ found: show(value), expected: 'a whole number or a text' });
    return '';
  },
};
