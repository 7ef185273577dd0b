// The project's face of uvu. uvu passes silently when a file forgets `.run()`, names no hanging test and
// cannot await a rejection: this wrapper tells the runner of each test's start and end, and adds `rejects`.

import { suite as uvuSuite } from 'uvu';
import * as assert from 'uvu/assert';

export { assert };

export type TestBody = () => void | Promise<void>;

export interface Suite {
  (name: string, body: TestBody): void;
  /** Named with the reason, and counted as skipped. */
  skip(name: string, reason: string): void;
  /** Must be called once, after the last test of the suite. */
  run(): void;
}

export type SuiteReport =
  | { kind: 'suite'; name: string }
  | { kind: 'start'; name: string }
  | { kind: 'passed'; name: string }
  | { kind: 'failed'; name: string }
  | { kind: 'skipped'; name: string; reason: string }
  | { kind: 'run'; name: string };

export function suite(name: string): Suite {
  const inner = uvuSuite(name);
  tell({ kind: 'suite', name });
  const add = (title: string, body: TestBody): void => {
    const full = `${name}: ${title}`;
    inner(title, async () => {
      tell({ kind: 'start', name: full });
      try {
        await body();
        tell({ kind: 'passed', name: full });
      } catch (error) {
        tell({ kind: 'failed', name: full });
        throw error;
      }
    });
  };
  const skip = (title: string, reason: string): void => {
    tell({ kind: 'skipped', name: `${name}: ${title}`, reason });
    inner.skip(`${title} (${reason})`);
  };
  const run = (): void => {
    tell({ kind: 'run', name });
    inner.run();
  };
  return Object.assign(add, { skip, run });
}

/** The error that `promise` rejects with, after checking it against `expected` (class or message pattern). */
export async function rejects(
  promise: Promise<unknown>,
  expected?: RegExp | (abstract new (...args: never[]) => Error),
): Promise<Error> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => (reason instanceof Error ? reason : new Error(String(reason))),
  );
  if (error.message === 'nothing was thrown')
    assert.unreachable('expected a rejection, but the promise resolved');
  if (expected instanceof RegExp) assert.match(error.message, expected);
  else if (expected !== undefined) assert.instance(error, expected);
  return error;
}

function tell(report: SuiteReport): void {
  process.send?.(report);
}
