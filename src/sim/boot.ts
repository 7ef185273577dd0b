// One life of a simulated machine, from start to crash. Every part of the platform that a program holds
// belongs to one boot, and does nothing for a program whose boot has ended: its promises never settle.

export class Boot {
  readonly machine: string;
  /** 0 for the first start, one more for each restart. */
  readonly number: number;
  #isAlive = true;

  constructor(machine: string, number: number) {
    this.machine = machine;
    this.number = number;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  end(): void {
    this.#isAlive = false;
  }
}

/** What a dead machine's program gets: it waits, and nobody will ever answer. */
export const never = <T>(): Promise<T> => new Promise<T>(() => {});
