// SNDlib's native text format: sections in brackets, of which NODES and LINKS count here. A link's costs and
// modules are left out: its length is the great circle between its ends.

import { MapError } from './errors.ts';
import { placedOnEarth, weighByPlace } from './great-circle.ts';
import type { NetworkMap } from './network-map.ts';
import { placeOf } from './place.ts';

/** `ATLAM5 ( -84.3833 33.75 )`: longitude first. */
const nodeLine = /^(\S+)(?:\s*\(\s*(\S+)\s+(\S+)\s*\))?$/;
/** `L1 ( Amsterdam Brussels ) …` */
const linkLine = /^(\S+)\s*\(\s*(\S+)\s+(\S+)\s*\)/;

export function readSndlibNative(text: string): NetworkMap {
  const nodes = placedOnEarth(
    section(text, 'NODES').map((line) => {
      const [, id = '', longitude, latitude] = match(nodeLine, line, 'a node');
      return { id, name: id, ...placeOf(latitude, longitude) };
    }),
  );
  const links = section(text, 'LINKS').map((line) => {
    const [, id = '', a = '', b = ''] = match(linkLine, line, 'a link');
    return { id, a, b };
  });
  return { nodes, links: weighByPlace(nodes, links) };
}

/** The lines between `NAME (` and the bracket that stands alone. */
function section(text: string, name: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
  const start = lines.findIndex((line) => line.split(/\s*\(/)[0] === name && line.endsWith('('));
  const end = lines.indexOf(')', start);
  if (start < 0 || end < 0) throw new MapError(`it has no whole section ${name}`);
  return lines.slice(start + 1, end).filter((line) => line !== '');
}

function match(pattern: RegExp, line: string, what: string): RegExpExecArray {
  const found = pattern.exec(line);
  if (found === null) throw new MapError(`"${line}" is not ${what} of the SNDlib format`);
  return found;
}
