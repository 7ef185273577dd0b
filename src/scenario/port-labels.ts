// The port labels of a switch, in the order of its family.

import type { SwitchFamily } from './schema.ts';

export function portLabels(family: SwitchFamily, ports: number): readonly string[] {
  const indexes = Array.from({ length: ports }, (_, i) => i);
  if (family === 'glimmerglass') return indexes.map((i) => String(i + 1));
  return indexes.map((i) => `10.${Math.floor(i / 8) + 1}a.${(i % 8) + 1}`);
}
