// A fresh CTAG for each command: 1 to 999999, then from 1 again, past those still waited for. So a reply that
// comes late, a million commands ago at most, is never taken for the answer to another command.

import { CTAG_LENGTH_MAX } from './command.ts';

export class CtagSequence {
  readonly #max: number;
  #last = 0;

  constructor(max: number = 10 ** CTAG_LENGTH_MAX - 1) {
    this.#max = max;
  }

  next(isInUse: (ctag: string) => boolean): string {
    do this.#last = (this.#last % this.#max) + 1;
    while (isInUse(String(this.#last)));
    return String(this.#last);
  }
}
