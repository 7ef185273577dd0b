// What the programs of a machine do that shows at its edge, for whoever wants to upset it at just such a moment: no time
// on a clock says when a disk is about to sync for the third time. A machine's own and not a boot's: it goes on over restarts.

/** `store`: any operation of its disk; `sync`: those alone that make writes durable; `send`: bytes handed to a connection. */
export const STEPS = ['store', 'sync', 'send'] as const;
export type Step = (typeof STEPS)[number];

interface Watch {
  readonly step: Step;
  left: number;
  readonly reached: () => void;
}

export class StepWatch {
  readonly #watches = new Set<Watch>();

  /** Calls `reached` once, within the step that comes after `skip` others of its kind. */
  watch(step: Step, skip: number, reached: () => void): { cancel(): void } {
    const watch: Watch = { step, left: skip, reached };
    this.#watches.add(watch);
    return { cancel: () => void this.#watches.delete(watch) };
  }

  taken(step: Step): void {
    if (this.#watches.size === 0) return;
    for (const watch of [...this.#watches]) {
      if (watch.step !== step || watch.left-- > 0) continue;
      this.#watches.delete(watch);
      watch.reached();
    }
  }
}
