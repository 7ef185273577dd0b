// Port numbers that a machine hands out by itself, in turn, so that a port is not used again soon.

import { assert } from '../core/assert.ts';

/** The dynamic ports: RFC 6335, section 6. */
const EPHEMERAL_MIN = 49_152;
const EPHEMERAL_MAX = 65_535;

export class EphemeralPorts {
  readonly #isUsed: (port: number) => boolean;
  #next = EPHEMERAL_MIN;

  constructor(isUsed: (port: number) => boolean) {
    this.#isUsed = isUsed;
  }

  take(): number {
    for (let tried = EPHEMERAL_MIN; tried <= EPHEMERAL_MAX; tried++) {
      const port = this.#next;
      this.#next = port === EPHEMERAL_MAX ? EPHEMERAL_MIN : port + 1;
      if (!this.#isUsed(port)) return port;
    }
    assert(false, 'all 16,384 dynamic ports of a machine are in use');
  }
}
