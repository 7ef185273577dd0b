// What a description of the plant can get wrong. Each message names the thing that is wrong, so that whoever
// wrote the description finds it.

export class PlantError extends Error {
  override readonly name = 'PlantError';
  /** The fibre, switch, terminal or `node:port` that is at fault. */
  readonly subject: string;

  constructor(subject: string, problem: string) {
    super(`${subject}: ${problem}`);
    this.subject = subject;
  }
}
