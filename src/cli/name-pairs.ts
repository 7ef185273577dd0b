// NAME=VALUE,… as the command line has it. What is wrong is told with what was found, what it shall be, and an example.

import type { Address } from '../platform/platform.ts';
import { parseAddress } from './address.ts';
import { UsageError } from './exit-code.ts';

export interface PairForm {
  readonly option: string;
  /** As in the option's description: `FIBRE=HOST:PORT`. */
  readonly form: string;
  readonly example: string;
}

/** Without an option no pairs. Throws `UsageError`, also where one name has two values. */
export function namePairs(text: string | undefined, form: PairForm): (readonly [string, string])[] {
  const seen = new Set<string>();
  return (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const [, name, value] = /^([^=\s]+)=(\S+)$/.exec(each) ?? [];
      if (name === undefined || value === undefined) throw wrong(each, form);
      if (seen.has(name)) throw new UsageError(`${form.option}: ${name} is there twice`);
      seen.add(name);
      return [name, value];
    });
}

/** The same where values are HOST:PORT. */
export const addressPairs = (
  text: string | undefined,
  form: PairForm,
  defaultPort: number,
): (readonly [string, Address])[] =>
  namePairs(text, form).map(([name, place]) => {
    try {
      return [name, parseAddress(place, form.option, defaultPort)];
    } catch (error) {
      throw error instanceof UsageError ? wrong(`${name}=${place}`, form) : error;
    }
  });

const wrong = (found: string, { option, form, example }: PairForm): UsageError =>
  new UsageError(`${option}: found "${found}", expected ${form}, or several with commas between: ${example}`);
