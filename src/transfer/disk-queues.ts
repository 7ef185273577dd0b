// Between the data streams and the disks of a receiver: one queue and one writer for each disk, so that disks write at
// the same time, and none of them twice at once.

import { Mailbox } from '../core/mailbox.ts';
import type { BlockPool } from './block-pool.ts';
import type { ReceivedBlock } from './receive-stream.ts';

export class DiskQueues {
  readonly #pool: BlockPool;
  /** By file, then by disk. */
  readonly #ofFile: readonly Mailbox<ReceivedBlock>[];
  readonly #queues: ReadonlySet<Mailbox<ReceivedBlock>>;

  /** `disks` names the disk of each file. A queue has room for every block of the pool. */
  constructor(disks: readonly string[], pool: BlockPool) {
    this.#pool = pool;
    const queues = new Map(disks.map((disk) => [disk, new Mailbox<ReceivedBlock>(pool.size)]));
    this.#ofFile = disks.map((disk) => queues.get(disk) as Mailbox<ReceivedBlock>);
    this.#queues = new Set(queues.values());
  }

  /** The block holds a place in the pool, which the writer gives back. */
  add(block: ReceivedBlock): void {
    this.#ofFile[block.file]?.offer(block);
  }

  /**
   * One task for each disk, until `close`. What was taken off the network is stored even when the session is over: the
   * next one resumes from there.
   */
  write(store: (block: ReceivedBlock) => Promise<void>): Promise<void>[] {
    return [...this.#queues].map(async (queue) => {
      for (let block = await queue.take(); block !== null; block = await queue.take())
        try {
          await store(block);
        } finally {
          this.#pool.give();
        }
    });
  }

  close(): void {
    for (const queue of this.#queues) queue.close();
  }
}
