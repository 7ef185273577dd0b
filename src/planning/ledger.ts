// The audit log: who did what, when. Lines are only ever added, and each is safe on the disk before what it tells of
// is done, so that it also says how far an apply came that was interrupted.

export type LedgerEvent =
  | { readonly what: 'refused'; readonly reason: string }
  | { readonly what: 'begun'; readonly steps: number; readonly pid: number }
  | {
      readonly what: 'resumed' | 'turned-back';
      readonly in_place: readonly number[];
      readonly pid: number;
    }
  | { readonly what: 'sending'; readonly step: number; readonly device: string; readonly command: string }
  | {
      readonly what: 'answered';
      readonly step: number;
      readonly device: string;
      readonly answer: string;
      readonly is_denied?: boolean;
    }
  | { readonly what: 'done'; readonly step: number; readonly title: string }
  /** `is_foreign`: it did nothing, and what is there of it is somebody else's. */
  | { readonly what: 'failed'; readonly step: number; readonly reason: string; readonly is_foreign?: boolean }
  | { readonly what: 'undoing'; readonly step: number; readonly device: string; readonly command: string }
  | { readonly what: 'undone'; readonly step: number; readonly title: string }
  | { readonly what: 'left'; readonly step: number; readonly reason: string }
  | { readonly what: 'stopped'; readonly done: number }
  | { readonly what: 'applied' | 'rolled-back' };

export type LedgerEntry = LedgerEvent & {
  readonly at: string;
  readonly who: string;
  /** The plan's hash. */
  readonly plan: string;
};

export interface Ledger {
  /** Of all plans, in the order written. */
  entries(): readonly LedgerEntry[];
  /** Durable once it resolves. */
  append(entry: LedgerEntry): Promise<void>;
}

/** How far the apply of a plan came. */
export type Progress =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'unfinished';
      /** The steps that are in place for sure. */
      readonly inPlace: ReadonlySet<number>;
      /** The step that was under way, either way; null between steps. */
      readonly inDoubt: number | null;
      /** Commands sent of the step in doubt; 0 where it is being taken back. */
      readonly sent: number;
      readonly pid: number;
    };

export function progressOf(entries: readonly LedgerEntry[], plan: string): Progress {
  let progress: Progress = { kind: 'none' };
  for (const entry of entries) if (entry.plan === plan) progress = afterEntry(progress, entry);
  return progress;
}

function afterEntry(progress: Progress, entry: LedgerEntry): Progress {
  if (entry.what === 'begun')
    return { kind: 'unfinished', inPlace: new Set(), inDoubt: null, sent: 0, pid: entry.pid };
  if (progress.kind === 'none') return progress;
  const { inPlace } = progress;
  switch (entry.what) {
    case 'resumed':
    case 'turned-back':
      return { ...progress, inPlace: new Set(entry.in_place), inDoubt: null, pid: entry.pid };
    case 'sending':
      return {
        ...progress,
        inDoubt: entry.step,
        sent: progress.inDoubt === entry.step ? progress.sent + 1 : 1,
      };
    case 'undoing':
      return { ...progress, inDoubt: entry.step, sent: 0 };
    // A first command that was denied did nothing: what is there of its step was made by somebody else.
    case 'answered':
      return entry.is_denied === true && progress.sent === 1 ? { ...progress, inDoubt: null } : progress;
    case 'failed':
      return entry.is_foreign === true ? { ...progress, inDoubt: null } : progress;
    case 'done':
      return { ...progress, inPlace: new Set([...inPlace, entry.step]), inDoubt: null };
    case 'undone':
      return { ...progress, inPlace: less(inPlace, entry.step), inDoubt: null };
    case 'left':
      return { ...progress, inPlace: new Set([...inPlace, entry.step]) };
    case 'applied':
    case 'rolled-back':
      return { kind: 'none' };
    default:
      return progress;
  }
}

const less = (steps: ReadonlySet<number>, step: number): ReadonlySet<number> =>
  new Set([...steps].filter((other) => other !== step));
