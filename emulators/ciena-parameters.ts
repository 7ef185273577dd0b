// What a provisioning command says: its object's name, and named parameters from all payload blocks. The commas
// between them matter to a real node only where names are left off, which no client was seen to do.

import type { Tl1Command } from '../src/tl1/command.ts';
import { parseAidList, parseParameters } from '../src/tl1/fields.ts';
import { unquote } from '../src/tl1/quoting.ts';

type Command = Required<Tl1Command>;

/** `name=N` or `N`. */
export const nameOf = (aid: string): string => unquote(aid.replace(/^name=/i, ''));

export class Parameters {
  readonly #values = new Map<string, string>();

  constructor(...blocks: readonly string[]) {
    for (const block of blocks)
      for (const { name, value } of parseParameters(block))
        if (name !== null) this.#values.set(name.trim().toUpperCase(), value.trim());
  }

  static of(command: Command): Parameters {
    return new Parameters(...command.payload);
  }

  /** Empty is the same as left off. */
  text(name: string, otherwise = ''): string {
    const value = this.#values.get(name);
    return value === undefined || value === '' ? otherwise : value;
  }

  isYes(name: string, otherwise: boolean): boolean {
    return this.text(name, otherwise ? 'YES' : 'NO').toUpperCase() === 'YES';
  }

  number(name: string, otherwise: number): number {
    return Number(this.text(name, String(otherwise)));
  }

  /** `a&b&&d` opened; null when it is malformed or empty. */
  list(name: string): readonly string[] | null {
    const opened = parseAidList(this.text(name));
    return opened.kind === 'aids' ? opened.aids : null;
  }

  /** PST: true for IS, false for OOS, null for anything else. */
  state(otherwise: 'IS' | 'OOS' | ''): boolean | null {
    const text = this.text('PST', otherwise).toUpperCase();
    return text === 'IS' ? true : text === 'OOS' ? false : null;
  }
}
