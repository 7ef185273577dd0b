import { assert, suite } from '../../scripts/testing/suite.ts';
import { inParts, PartsInHand } from './announcement-parts.ts';
import { LIMITS } from './timings.ts';
import type { Announcement } from './topology-messages.ts';

const test = suite('announcement parts');

function announcement(portCount: number, o: Partial<Announcement> = {}): Announcement {
  const far = { kind: 'terminal', terminal: 't' } as const;
  const ports = Array.from({ length: portCount }, (_, i) => ({
    ...{ port: `${i}`, fibre: `f${i}`, far, weight: 1, length: 1 },
    ...{ state: 'free' as const, holder: null },
  }));
  return { switchName: 'A', boot: 1, sequence: 1, ports, ...o };
}

const taken = (hand: PartsInHand, parts: readonly Announcement[], from = 'n'): (Announcement | null)[] =>
  parts.map((part) => hand.take(from, part));

test('an announcement that fits into a line is whole; a longer one is whole when its last part has come', () => {
  assert.equal(inParts(announcement(100)), [announcement(100)]);
  const long = announcement(1_000);
  const parts = inParts(long);
  assert.ok(parts.length > 2);
  const got = taken(new PartsInHand(), parts);
  assert.equal(got.slice(0, -1), Array(parts.length - 1).fill(null));
  assert.equal(got.at(-1), long);
});

test('parts of two neighbours do not mix, nor those of two announcements', () => {
  const parts = inParts(announcement(1_000));
  const newer = inParts(announcement(1_000, { sequence: 2 }));
  const hand = new PartsInHand();
  taken(hand, parts.slice(0, 2));
  assert.equal(taken(hand, parts.slice(2), 'm').at(-1), null);
  taken(hand, newer.slice(0, 2));
  assert.equal(taken(hand, parts.slice(2)).at(-1), null);
  assert.equal(taken(hand, newer).at(-1), announcement(1_000, { sequence: 2 }));
});

test('an announcement of which a part is missing, or the end before its way ended, is none', () => {
  const parts = inParts(announcement(1_000));
  const hand = new PartsInHand();
  assert.equal(taken(hand, [...parts.slice(0, 1), ...parts.slice(2)]).at(-1), null);
  taken(hand, parts.slice(0, 2));
  hand.drop('n');
  assert.equal(taken(hand, parts.slice(2)).at(-1), null);
});

test('one of more ports than any switch has is not kept', () => {
  const hand = new PartsInHand();
  const endless = inParts(announcement(LIMITS.portsMax + 1));
  assert.equal(taken(hand, endless).at(-1), null);
});

test.run();
