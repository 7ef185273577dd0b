// The version that a run's results name: the package's own.

import { readFileSync } from 'node:fs';

export function lightbedVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
