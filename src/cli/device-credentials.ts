// Who we are to a device: from the environment, or from a file that nobody else can read. Never from the
// command line, which every process of the machine can see, and never shown, not even in an error.

import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { UsageError } from './exit-code.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

const LINE = /^(user|password):[ \t]*(.*?)[ \t]*$/;

/** `file` goes before the environment: whoever names one means it. */
export function readCredentials(
  file: string | null,
  environment: { readonly [name: string]: string | undefined },
): Credentials {
  if (file !== null) return fromFile(file);
  const { LIGHTBED_USER: user = '', LIGHTBED_PASSWORD: password = '' } = environment;
  if (user !== '' && password !== '') return { user, password };
  throw new UsageError(
    'no credentials: set LIGHTBED_USER and LIGHTBED_PASSWORD, or name a file with --credentials',
  );
}

/** Two lines, `user: …` and `password: …`; blank lines and lines that begin with # are left aside. */
function fromFile(file: string): Credentials {
  const found = new Map<string, string>();
  for (const [i, line] of readPrivately(file).split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, key, value] = LINE.exec(line) ?? [];
    if (key === undefined || value === undefined || value === '' || found.has(key))
      throw new UsageError(`${file}:${i + 1}: expected "user: …" and "password: …", once each`);
    found.set(key, value);
  }
  const [user, password] = [found.get('user'), found.get('password')];
  if (user !== undefined && password !== undefined) return { user, password };
  throw new UsageError(
    `${file}: no ${user === undefined ? 'user' : 'password'}: expected "user: …" and "password: …"`,
  );
}

/** Mode and content are of the same open file, whatever its name means a moment later. */
function readPrivately(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    throw new UsageError(`${file}: cannot be read`);
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new UsageError(`${file}: not a file`);
    if ((stat.mode & 0o077) !== 0) {
      const mode = (stat.mode & 0o777).toString(8);
      throw new UsageError(`${file}: others may read it (mode ${mode}): chmod 600 ${file}`);
    }
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}
