import fc from 'fast-check';
import { assert, suite } from '../scripts/testing/suite.ts';
import { ms, seconds } from '../src/core/time.ts';
import { parseAidList } from '../src/tl1/fields.ts';
import { encodeLatin1 } from '../src/tl1/latin1.ts';
import { joinRuns, osrpLtpOf, slotAid, splitSlotAid } from './ciena-aid.ts';
import { cienaBench } from './ciena-bench.fixture.ts';
import { MemberGroup } from './ciena-members.ts';
import { STS1_RATE } from './ciena-network.ts';
import { TelnetOptions } from './ciena-telnet.ts';
import { StepClock } from './testing/step-clock.fixture.ts';

const test = suite('ciena model');

const group = (clock: StepClock, isLcas: boolean): MemberGroup => {
  const slots = [1, 2, 3];
  return new MemberGroup({ clock, slots, isLcas, holdOff: ms(100), rsAck: ms(200), changed: () => {} });
};

test('192 STS-1 are 9621.5 Mb/s, one is about 50.11', () => {
  assert.is(((STS1_RATE * 192) / 1e6).toFixed(1), '9621.5');
  assert.is((STS1_RATE / 1e6).toFixed(2), '50.11');
});

test('runs of names open to the same names; ports and slots part again', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 192 }), { minLength: 1 });
  fc.assert(
    fc.property(numbers, fc.constantFrom('1-A-5-1-', 'c1-CTP-'), (slots, prefix) => {
      const names = slots.map((slot) => `${prefix}${slot}`);
      const opened = parseAidList(joinRuns(names));
      assert.equal(opened.kind === 'aids' && opened.aids, names);
    }),
  );
  assert.equal(splitSlotAid(slotAid('1-A-5-1', 191)), { port: '1-A-5-1', slot: 191 });
  assert.is(splitSlotAid('1-A-5-1'), null);
  // MonALISA's sample: OSRPLTP=1 of 1-A-1-1.
  assert.equal(['1-A-1-1', '1-A-2-1', '1-A-4-3'].map(osrpLtpOf), [1, 9, 27]);
});

test('whatever comes and goes, the group carries no more than has signal, and all of it after a while', async () => {
  const change = fc.record({
    slot: fc.integer({ min: 1, max: 3 }),
    isUp: fc.boolean(),
    wait: fc.integer({ min: 0, max: 300 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 30 }), fc.boolean(), async (changes, isLcas) => {
      const clock = new StepClock();
      const members = group(clock, isLcas);
      const up = new Set<number>();
      for (const { slot, isUp, wait } of changes) {
        if (isUp) up.add(slot);
        else up.delete(slot);
        members.signal(slot, isUp);
        clock.advance(ms(wait));
        assert.ok(members.carrying <= up.size);
        assert.ok(members.carrying <= members.operational && members.operational <= 3);
      }
      clock.advance(seconds(1));
      const wanted = isLcas || up.size === 3 ? up.size : 0;
      assert.equal([members.operational, members.carrying], [wanted, wanted]);
      const fired = clock.fired;
      clock.advance(seconds(10));
      assert.is(clock.fired, fired);
    }),
    { numRuns: 60 },
  );
});

test('telnet commands are answered alike however the bytes are cut', () => {
  const byte = fc.oneof(
    fc.constantFrom(255, 250, 251, 252, 253, 254, 240, 1, 3, 31),
    fc.integer({ min: 0, max: 255 }),
  );
  fc.assert(
    fc.property(fc.array(byte), fc.nat(), (bytes, at) => {
      const whole = new TelnetOptions().answer(Uint8Array.from(bytes));
      const cut = at % (bytes.length + 1);
      const options = new TelnetOptions();
      const halves = [bytes.slice(0, cut), bytes.slice(cut)].map((half) =>
        options.answer(Uint8Array.from(half)),
      );
      assert.is(halves.join(''), whole);
      assert.is(encodeLatin1(whole).length % 3, 0);
    }),
  );
});

const VERBS = ['ent', 'ed', 'dlt', 'rtrv'];
const OBJECTS = [
  'vcg',
  'gtp',
  'dtl',
  'dtl-set',
  'snc-stspc',
  'crs-stspc',
  'eflow',
  'stspc',
  'ocn',
  'mib-gige',
  'osrp-ltp',
];
const AIDS = [
  '',
  'ALL',
  'name=a',
  'a',
  'b',
  'g',
  'name=b',
  'g,1-A-3-1-1',
  'h,1-A-3-1-2',
  '1-A-1-1',
  'fromendpoint=g,toendpoint=h',
];
const PARAMETERS = [
  'suppttp=1-A-3-1,tunnelpeername=1-A-3-1-1,lcasenabled=yes,groupmem=1',
  'suppttp=1-A-3-1,tunnelpeername=1-A-3-1-2,groupmem=2&3',
  'ctp=a-CTP-1',
  'ctp=1-A-3-1-2',
  'ctp=1-A-2-1-5',
  'name=s,rmnode=NYCY',
  'name=a,rmnode=CHGO,pst=oos',
  'pst=oos',
  'pst=is',
  'nodename1=CHGO,osrpltpid1=1,termnodename=NYCY',
  'wrknm=a',
  ':ingressporttype=ettp,ingressportname=1-A-3-1-1,egressporttype=vcg,egressportname=a',
  '',
];

test('any sequence of commands and cuts is answered, and leaves no time slot with two owners', async () => {
  const command = fc
    .tuple(
      fc.constantFrom(...VERBS),
      fc.constantFrom(...OBJECTS),
      fc.constantFrom(...AIDS),
      fc.constantFrom(...PARAMETERS),
    )
    .map(([verb, object, aid, parameters]) => `${verb}-${object}::${aid}:1::${parameters};`);
  const act = fc.oneof(
    { weight: 9, arbitrary: command },
    { weight: 1, arbitrary: fc.constantFrom('cut', 'repair') },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), async (acts) => {
      const b = await cienaBench();
      const clients = [await b.open('CHGO'), await b.open('NYCY')];
      for (const [i, text] of acts.entries()) {
        if (text === 'cut' || text === 'repair') {
          b.network[text]('lake-1');
          await b.clock.run(ms(50));
          continue;
        }
        const client = clients[i % 2] as (typeof clients)[0];
        assert.match(await b.ask(client, text), /M {2}1 (COMPLD|DENY)\r\n/, text);
      }
      for (const node of b.network.nodes) {
        const crossed = [...node.crss.values()].flatMap(({ pairs }) => pairs.flat());
        assert.is(new Set(crossed).size, crossed.length);
        const grouped = [...node.gtps.values()].flatMap(({ slots }) => slots);
        assert.is(new Set(grouped).size, grouped.length);
        assert.ok(
          grouped.every((slot) => node.slotOf(slot) === slot),
          'a GTP of time slots that are gone',
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('no bytes make a node fall silent: a command after them is answered', async () => {
  const b = await cienaBench();
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary-ascii', maxLength: 60 }), async (text) => {
      const client = await b.open('CHGO');
      await b.ask(client, `${text.replaceAll('"', '')}\r\n;`);
      assert.match(await b.ask(client, ';rtrv-hdr:::9;', ms(5)), /M {2}9 COMPLD/);
      client.end();
      await b.clock.run(ms(1));
    }),
    { numRuns: 60 },
  );
});

test.run();
