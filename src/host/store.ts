// Files under one folder of the machine. A file that was synced is found again after a power cut: its
// folders are synced with it, and after a rename.

import { constants, type Dirent } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compareCodePoints } from '../core/code-points.ts';
import { StoreError } from '../platform/errors.ts';
import { assertFileName } from '../platform/file-name.ts';
import type { FileStat, Store, StoredFile } from '../platform/platform.ts';
import { storeError } from './errors.ts';
import { HostFile } from './file.ts';
import { makeFolder } from './make-folder.ts';

const FLAGS = {
  read: constants.O_RDONLY,
  write: constants.O_RDWR | constants.O_CREAT,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL,
} as const;

export class HostStore implements Store {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(name: string, mode: 'read' | 'write' | 'create'): Promise<StoredFile> {
    return named(`open ${name}`, async () => {
      assertFileName(name);
      const path = join(this.#folder, name);
      if (mode !== 'read') makeFolder(dirname(path));
      const handle = await open(path, FLAGS[mode]);
      await refuseFolder(handle, name);
      return new HostFile(handle, name, mode !== 'read', () => this.#syncFolders(name));
    });
  }

  rename(from: string, to: string): Promise<void> {
    return named(`rename ${from} to ${to}`, async () => {
      assertFileName(from);
      assertFileName(to);
      makeFolder(dirname(join(this.#folder, to)));
      await rename(join(this.#folder, from), join(this.#folder, to));
      await this.#syncFolders(to);
      if (dirname(from) !== dirname(to)) await this.#syncFolders(from);
    });
  }

  remove(name: string): Promise<void> {
    return named(`remove ${name}`, () => {
      assertFileName(name);
      return rm(join(this.#folder, name), { force: true });
    });
  }

  list(prefix: string): Promise<string[]> {
    return named(`list ${prefix}`, async () => {
      const names: string[] = [];
      await walk(this.#folder, '', (name) => name.startsWith(prefix) && names.push(name));
      return names.sort(compareCodePoints);
    });
  }

  stat(name: string): Promise<FileStat | null> {
    return named(`stat ${name}`, async () => {
      assertFileName(name);
      const found = await stat(join(this.#folder, name)).catch(absent);
      return found?.isFile() ? { size: found.size } : null;
    });
  }

  /** Makes the entries on the way from the store's folder to `name` durable. */
  async #syncFolders(name: string): Promise<void> {
    for (let at = dirname(name); ; at = dirname(at)) {
      const folder = await open(join(this.#folder, at), constants.O_RDONLY);
      await folder.sync().finally(() => folder.close());
      if (at === '.') return;
    }
  }
}

async function walk(root: string, folder: string, found: (name: string) => void): Promise<void> {
  const entries = (await readdir(join(root, folder), { withFileTypes: true }).catch(absent)) ?? [];
  for (const entry of entries as Dirent[]) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) await walk(root, name, found);
    else if (entry.isFile()) found(name);
  }
}

async function refuseFolder(handle: FileHandle, name: string): Promise<void> {
  if ((await handle.stat()).isFile()) return;
  await handle.close();
  throw new StoreError('not-found', `open ${name}`);
}

function absent(error: unknown): null {
  if (storeError('', error).code === 'not-found') return null;
  throw error;
}

async function named<T>(operation: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeError(operation, error);
  }
}
