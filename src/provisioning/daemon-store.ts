// What a daemon must not forget: the paths it has, and how often it was started. One small file, written whole beside
// the old one and then put in its place, so that a crash leaves the one or the other.

import * as v from 'valibot';
import { assert } from '../core/assert.ts';
import { isBytes } from '../platform/chunk.ts';
import { formatLine, parseLine } from '../platform/json-lines.ts';
import type { Store } from '../platform/platform.ts';
import { MessageError } from './errors.ts';
import { WHOLE } from './message-fields.ts';
import { PATH_TERMS } from './path-terms.ts';

const CONTENT = v.strictObject({
  boot: WHOLE,
  paths: v.array(
    v.strictObject({
      path: v.string(),
      from: v.string(),
      to: v.string(),
      terms: PATH_TERMS,
      isDetached: v.boolean(),
      /** The agent that was asked last; null before any was. */
      agent: v.nullable(v.strictObject({ machine: v.string(), tcpPort: WHOLE })),
      /** How many agents were asked before, under other names. */
      generation: WHOLE,
      /** Whether an agent has it. */
      isHeld: v.boolean(),
      fibres: v.array(v.string()),
    }),
  ),
});

export type KeptPath = v.InferOutput<typeof CONTENT>['paths'][number];

export class DaemonStore {
  readonly #store: Store;
  readonly #name: string;
  readonly boot: number;
  /** Those of the last life. */
  readonly before: readonly KeptPath[];
  #latest: readonly KeptPath[];
  #writing: Promise<void> | null = null;

  private constructor(store: Store, name: string, boot: number, before: readonly KeptPath[]) {
    this.#store = store;
    this.#name = name;
    this.boot = boot;
    this.before = before;
    this.#latest = before;
  }

  /** A file that is not what this program wrote counts as none: leases end what it spoke of. */
  static async open(store: Store, name: string): Promise<DaemonStore> {
    const { boot, paths } = (await read(store, name)) ?? { boot: 0, paths: [] };
    const opened = new DaemonStore(store, name, boot + 1, paths);
    await opened.save(paths);
    return opened;
  }

  /** Resolves when these, or later ones, are safe. */
  async save(paths: readonly KeptPath[]): Promise<void> {
    this.#latest = paths;
    // One write at a time; who comes meanwhile waits for the next, which has the latest of all.
    if (this.#writing !== null) await this.#writing;
    this.#writing ??= this.#write();
    await this.#writing;
  }

  async #write(): Promise<void> {
    const paths = this.#latest;
    try {
      const draft = `${this.#name}.new`;
      await this.#store.remove(draft);
      const file = await this.#store.open(draft, 'create');
      await file.write(0, formatLine({ boot: this.boot, paths }));
      await file.sync();
      await file.close();
      await this.#store.rename(draft, this.#name);
    } finally {
      this.#writing = null;
    }
  }
}

async function read(store: Store, name: string): Promise<v.InferOutput<typeof CONTENT> | null> {
  const stat = await store.stat(name);
  if (stat === null) return null;
  const file = await store.open(name, 'read');
  const text = new TextDecoder();
  let content = '';
  for (let at = 0; at < stat.size; ) {
    const chunk = await file.read(at, stat.size - at);
    assert(isBytes(chunk), 'what a daemon keeps is real bytes');
    if (chunk.length === 0) break;
    content += text.decode(chunk, { stream: true });
    at += chunk.length;
  }
  await file.close();
  try {
    return parseLine(CONTENT, content, (expected, found) => new MessageError(expected, found));
  } catch (error) {
    if (error instanceof MessageError) return null;
    throw error;
  }
}
