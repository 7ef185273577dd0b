import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { bitsPerSecond } from '../core/quantity.ts';
import { formatCommand } from '../tl1/command.ts';
import { parseAidList } from '../tl1/fields.ts';
import { parseStandingAlarm } from './ciena-alarm.ts';
import { parseObject, readCrs, readEflow, readVcg } from './ciena-objects.ts';
import { plan, removal } from './ciena-plan.ts';
import type { CircuitRequest } from './circuit-service.ts';
import { formatSlots, freeSlots, rateOf, SLOTS_MAX, sts1For } from './sts.ts';

const test = suite('circuit objects');

const word = fc.stringMatching(/^[A-Za-z0-9_.:&-]{0,12}$/);
const key = fc.stringMatching(/^[A-Z][A-Z0-9]{1,8}$/);
const value = fc.oneof(
  word,
  fc.array(word, { maxLength: 3 }).map((words) => `[${words.join(',')}]`),
  fc.array(word, { maxLength: 3 }).map((words) => `{[${words.join(' ')}]&[${words.join(',')}]}`),
);
/** A value must not look like the end of itself. */
const calm = value.filter((text) => !/:[A-Z][A-Z0-9_]*$/.test(text) && !text.endsWith(':'));

test('fields come back whatever their names, values and order', () => {
  const line = fc.record({
    name: word.filter((text) => !text.endsWith(':')),
    fields: fc.dictionary(key, calm, { noNullPrototype: true }),
  });
  fc.assert(
    fc.property(line, fc.constantFrom(',', ':'), ({ name, fields }, separator) => {
      const pairs = Object.entries(fields);
      const text = [name, ...pairs.map(([k, v]) => `${k}=${v}`)]
        .join(',')
        .replace(',', pairs.length > 0 ? separator : ',');
      const object = parseObject(text);
      assert.is(object.name, name);
      assert.equal([...object.fields], pairs);
    }),
  );
});

test('no text makes reading throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const object = parseObject(text);
      readVcg(object);
      readCrs(object);
      readEflow(object);
      parseStandingAlarm(text);
    }),
  );
});

test('an alarm of another form is none', () => {
  const line = (severity: string): string =>
    `v:1,VCG:${severity},X,SA,2007-11-02,09:18:01,NEND,RCV:"a \\"b\\"",`;
  assert.equal(parseStandingAlarm(line('CR')), {
    object: 'v:1',
    severity: 'CR',
    condition: 'X',
    text: 'a "b"',
  });
  for (const text of ['', line('NA'), line('CL'), '1-A-1-1:CR,LOS,SA,11-02,09-18-01:"x"'])
    assert.is(parseStandingAlarm(text), null);
});

test('the STS-1 for a rate carry it, and one less does not', () => {
  assert.is(Math.round(rateOf(192)), 9_621_500_000);
  assert.equal(
    [1, 50e6, 50.2e6, 1e9, 9.6215e9].map((rate) => sts1For(bitsPerSecond(rate))),
    [1, 1, 2, 20, 192],
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: SLOTS_MAX }), (n) => {
      assert.is(sts1For(rateOf(n)), n);
      assert.is(sts1For(bitsPerSecond(rateOf(n) + 1)), n + 1);
    }),
  );
});

const slotSet = fc
  .uniqueArray(fc.integer({ min: 1, max: SLOTS_MAX }), { minLength: 1 })
  .map((slots) => slots.sort((a, b) => a - b));

test('slots written as runs open to the same slots', () => {
  fc.assert(
    fc.property(slotSet, fc.constantFrom('', '1-A-3-1-'), (slots, prefix) => {
      const list = parseAidList(formatSlots(slots, prefix));
      assert.equal(
        list.kind === 'aids' && list.aids,
        slots.map((slot) => `${prefix}${slot}`),
      );
    }),
  );
});

test('free slots are the lowest that are not taken, or none', () => {
  fc.assert(
    fc.property(slotSet, fc.integer({ min: 1, max: SLOTS_MAX }), (taken, count) => {
      const free = freeSlots(new Set(taken), count);
      assert.is(free === null, SLOTS_MAX - taken.length < count);
      if (free === null) return;
      assert.is(free.length, count);
      assert.ok(free.every((slot) => !taken.includes(slot)));
      const below = Array.from({ length: free.at(-1) ?? 0 }, (_, i) => i + 1);
      assert.ok(below.every((slot) => taken.includes(slot) || free.includes(slot)));
    }),
  );
});

test('a plan puts every member into one GTP, ends with the flows, and can be written and undone', () => {
  const count = fc.integer({ min: 1, max: SLOTS_MAX });
  fc.assert(
    fc.property(count, fc.boolean(), fc.boolean(), (members, isLocal, hasRoute) => {
      const ends = [
        { node: 'A', port: '1-A-3-1-1' },
        { node: isLocal ? 'A' : 'B', port: '1-A-4-1-1' },
      ] as const;
      const request: CircuitRequest = {
        name: 'c',
        ends,
        rate: rateOf(members),
        ...(hasRoute && { route: [{ node: 'A', link: '1' }] }),
      };
      const slots = Array.from({ length: members }, (_, i) => i + 1);
      const [a, b] = ends;
      const steps = plan(request, [
        { ...a, vcg: 'c', slots },
        { ...b, vcg: isLocal ? 'c.far' : 'c', slots },
      ]);
      const ctps = steps
        .filter(({ kind, name }) => kind === 'gtp' && /^c-\d$/.test(name))
        .flatMap(({ enter }) => (/ctp=(.*)$/.exec(enter.payload?.[0] ?? '')?.[1] ?? '').split('&'));
      assert.equal(
        ctps,
        slots.map((slot) => `c-CTP-${slot}`),
      );
      assert.is(new Set(steps.map(({ node, kind, name }) => `${node} ${kind} ${name}`)).size, steps.length);
      assert.equal(
        steps.slice(-4).map(({ kind }) => kind),
        ['eflow', 'eflow', 'eflow', 'eflow'],
      );
      for (const step of steps) {
        formatCommand({ ...step.enter, ctag: '1' });
        const { lock, remove } = removal(step);
        for (const request of [lock, remove]) if (request !== null) formatCommand({ ...request, ctag: '1' });
      }
    }),
  );
});

test.run();
