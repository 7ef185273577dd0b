// Makes the machine's ambient clock, timers and randomness throw, for as long as a run is under way that must
// come out the same on any machine. Only what depends on the machine throws: `new Date(0)` and `Date.UTC` stay.
// What the runtime itself or a program's host code captured earlier keeps working.

import { AmbientError } from './errors.ts';

/** Replaces one member and returns how to put it back. */
type Replacement = () => () => void;

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate'] as const;
const CRYPTO = ['getRandomValues', 'randomUUID', 'subtle'] as const;

/** Guards until the returned function is called, which restores everything. Nested guards end in reverse order. */
export function guardAmbient(): () => void {
  const restorers = replacements().map((replace) => replace());
  let isGuarding = true;
  return () => {
    if (!isGuarding) return;
    isGuarding = false;
    for (const restore of restorers.reverse()) restore();
  };
}

function replacements(): Replacement[] {
  return [
    ...TIMERS.map((name) => refusal(globalThis, name, name)),
    ...CRYPTO.map((name) => refusal(globalThis.crypto, name, `crypto.${name}`)),
    refusal(globalThis.performance, 'now', 'performance.now'),
    refusal(globalThis.Math, 'random', 'Math.random'),
    refusal(globalThis.AbortSignal, 'timeout', 'AbortSignal.timeout'),
    () => replaceMember(globalThis, 'Date', { value: guardedDate(globalThis.Date) }),
  ];
}

function refusal(owner: object, name: string, call: string): Replacement {
  return () => {
    const refuse = (): never => {
      throw new AmbientError(call);
    };
    return replaceMember(owner, name, name === 'subtle' ? { get: refuse } : { value: refuse });
  };
}

/** `Date` as it is, but for the present time. */
function guardedDate(original: DateConstructor): DateConstructor {
  return new Proxy(original, {
    apply: () => {
      throw new AmbientError('Date()');
    },
    construct: (target, parameters, newTarget) => {
      if (parameters.length === 0) throw new AmbientError('new Date()');
      return Reflect.construct(target, parameters, newTarget) as object;
    },
    get: (target, name, receiver) => {
      if (name === 'now') return refuseNow;
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
}

function refuseNow(): never {
  throw new AmbientError('Date.now');
}

/** Puts an own member over whatever is there, own or inherited. */
function replaceMember(owner: object, name: string, by: PropertyDescriptor): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { ...by, configurable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
}
