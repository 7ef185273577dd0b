// No port is in two cross-connects: watched on the mirrors themselves, whatever agents believe.

import { type Checker, textOf } from './checker.ts';

export function portOnce(): Checker {
  const outputOf = new Map<string, string>();
  const inputOf = new Map<string, string>();
  return {
    name: 'port-once',
    invariant: 'no port is in two cross-connects',
    observe(record) {
      if (record.kind !== 'switch.connected' && record.kind !== 'switch.disconnected') return [];
      const name = textOf(record, 'switch');
      const input = `${name}/${textOf(record, 'input')}`;
      const output = `${name}/${textOf(record, 'output')}`;
      if (record.kind === 'switch.disconnected') {
        outputOf.delete(input);
        inputOf.delete(output);
        return [];
      }
      const wrong = [...taken(outputOf, input, output), ...taken(inputOf, output, input)];
      outputOf.set(input, output);
      inputOf.set(output, input);
      return wrong;
    },
    settle: () => [],
  };
}

function taken(held: Map<string, string>, port: string, peer: string): string[] {
  const before = held.get(port);
  return before === undefined || before === peer ? [] : [`${port} is connected to ${before} and to ${peer}`];
}
