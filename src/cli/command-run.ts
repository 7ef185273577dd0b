// Runs one command of the user's, without a shell, and says how it ended in words. It has its own process group: Ctrl-C at the
// terminal does not cut it short, and when it takes too long whatever it started ends with it.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A route is set in milliseconds; a script of a site's own may take longer: ours. */
const LIMIT_MS = 10_000;
/** What it said last may arrive after its end: ours. */
const LAST_WORDS_MS = 100;
const WORDS_MAX = 2_000;

/** Null where it ended well, else the reason; never rejects. */
export function runCommand(
  program: string,
  words: readonly string[],
  limitMs = LIMIT_MS,
): Promise<string | null> {
  return new Promise((resolve) => {
    const child = started(program, words);
    if (child instanceof Error) return resolve(cannotStart(child));
    let said = '';
    let isLate = false;
    const limit = setTimeout(() => {
      isLate = true;
      endGroup(child.pid);
    }, limitMs);
    const end = (reason: string | null): void => {
      clearTimeout(limit);
      child.stderr?.destroy();
      resolve(reason);
    };
    child.once('error', (error: NodeJS.ErrnoException) => end(cannotStart(error)));
    child.stderr?.on('data', (data) => {
      said = `${said}${data}`.slice(-WORDS_MAX);
    });
    child.once('exit', (code, signal) => {
      const reason = isLate ? `no end within ${limitMs / 1000} s` : reasonOf(code, signal);
      const last = (): void => end(reason && [said.trim(), reason].filter(Boolean).join(' '));
      // Whoever it left running may hold the pipe open for ever.
      const wait = setTimeout(last, LAST_WORDS_MS);
      child.stderr?.once('close', () => {
        clearTimeout(wait);
        last();
      });
    });
  });
}

/** Without a pipe where the machine has no file descriptor left for one: Node then reports the error, and makes none. */
type Started = Omit<ChildProcessByStdio<null, null, Readable>, 'stderr'> & { readonly stderr?: Readable };

/** Node throws at words that no program can be given: too long ones, or with a zero byte in them. */
function started(program: string, words: readonly string[]): Started | Error {
  try {
    return spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  } catch (error) {
    return error as Error;
  }
}

const reasonOf = (code: number | null, signal: string | null): string | null =>
  code === 0 ? null : signal === null ? `(exit code ${code})` : `(ended by ${signal})`;

const cannotStart = ({ code, message }: NodeJS.ErrnoException): string =>
  code === 'ENOENT' ? 'there is no such program' : code === 'EACCES' ? 'it may not be run' : message;

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
