// Failures of a run in the virtual world that are bugs of a program, not outcomes.

/** A program of a machine that is up threw. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  readonly machine: string;
  readonly program: string;

  constructor(machine: string, program: string, cause: unknown) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`${program} on ${machine} failed: ${reason}`, { cause });
    this.machine = machine;
    this.program = program;
  }
}
