// Names that a scenario may use, made from those of a map: lower case, accents taken off, hyphens for all else, and
// a number behind those that would be the same. Short enough to leave room for what is put behind a name.

const lengthMax = 26;

/** Gives each text a name of its own; equal texts in the same order give equal names. */
export class LegalNames {
  readonly #taken = new Set<string>();
  readonly #suffixes: readonly string[];

  /** With each name go those with one of these behind it: none of them is given to another. */
  constructor(suffixes: readonly string[] = []) {
    this.#suffixes = ['', ...suffixes];
  }

  make(text: string, otherwise: string): string {
    const plain = legal(text) || legal(otherwise) || 'x';
    for (let count = 1; ; count++) {
      const name = count === 1 ? plain : `${plain}-${count}`;
      const all = this.#suffixes.map((suffix) => name + suffix);
      if (all.some((one) => this.#taken.has(one))) continue;
      for (const one of all) this.#taken.add(one);
      return name;
    }
  }
}

function legal(text: string): string {
  const ascii = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const words = ascii.replace(/[^a-z0-9]+/g, '-').replace(/^[-0-9]+(?=[a-z])|^-+|-+$/g, '');
  const led = /^[a-z]/.test(words) || words === '' ? words : `n${words}`;
  return led.slice(0, lengthMax).replace(/-+$/, '');
}
