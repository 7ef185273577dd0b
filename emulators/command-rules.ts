// Faults of a device as rules: a function from a command to what shall become of it, put in and taken out while
// the device runs. Handlers know nothing of them. The first rule that does not say `pass` decides.

import type { Duration } from '../src/core/time.ts';
import type { Tl1Command } from '../src/tl1/command.ts';
import type { Announcement } from './device/announcement.ts';

export type CommandVerdict =
  | { readonly kind: 'pass' }
  /** Acts and answers this much later. */
  | { readonly kind: 'delay'; readonly by: Duration }
  /** Acts, and answers this much later, without IP meanwhile. */
  | { readonly kind: 'late'; readonly by: Duration }
  /** Acts, and takes this much longer for each line of the answer. */
  | { readonly kind: 'slow'; readonly perLine: Duration }
  /** Refuses without acting. */
  | { readonly kind: 'deny'; readonly errorCode: string; readonly reason: string }
  /** Acts, and the answer is lost. */
  | { readonly kind: 'act-but-lose-reply' }
  /** Neither acts nor answers; the session goes on. */
  | { readonly kind: 'never-answer' }
  /** Acts, and says something of its own just before the answer; or before each of its parts. */
  | {
      readonly kind: 'interleave';
      readonly announcement: Announcement;
      readonly before?: 'the answer' | 'each part';
    }
  /** Says no more than this: NA after acting, RL and NG without (GR-831). */
  | { readonly kind: 'acknowledge'; readonly code: 'NA' | 'NG' | 'RL' }
  /** Acts, answers, and closes the session. */
  | { readonly kind: 'hang-up' }
  /** Acts, and restarts so much later, perhaps before it has answered; comes up after `down`. */
  | { readonly kind: 'restart'; readonly after: Duration; readonly down: Duration }
  /** Acts, and answers in other words: each text line of the answer is changed. */
  | { readonly kind: 'alter'; readonly line: (line: string) => string };

export type CommandRule = (command: Required<Tl1Command>) => CommandVerdict;

const PASS: CommandVerdict = { kind: 'pass' };

export class CommandRules {
  readonly #rules = new Set<CommandRule>();
  #commands: readonly string[] = [];

  /** The device has these commands. */
  serve(commands: Iterable<string>): void {
    this.#commands = [...new Set(commands)].sort();
  }

  /** The codes of those that the device has; none before it runs. */
  get commands(): readonly string[] {
    return this.#commands;
  }

  /** In force until `remove`. Each call is a rule of its own, even with the same function. */
  add(rule: CommandRule): { remove(): void } {
    const own: CommandRule = (command) => rule(command);
    this.#rules.add(own);
    return { remove: () => void this.#rules.delete(own) };
  }

  judge(command: Required<Tl1Command>): CommandVerdict {
    for (const rule of this.#rules) {
      const verdict = rule(command);
      if (verdict.kind !== 'pass') return verdict;
    }
    return PASS;
  }
}

/** A rule for the commands with one of these verbs (upper case), for the next `times` of them. */
export function forVerbs(verbs: readonly string[], verdict: CommandVerdict, times = Infinity): CommandRule {
  let left = times;
  return (command) => {
    if (left <= 0 || !verbs.includes(command.verb.toUpperCase())) return PASS;
    left--;
    return verdict;
  };
}
