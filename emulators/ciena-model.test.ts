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

const OBJECTS = ['vcg', 'gtp', 'dtl', 'dtl-set', 'snc-stspc', 'crs-stspc', 'eflow'];
const NAMES = ['a', 'b', 'g', 'h', 'CHGO_a_1'];
const ENDS = [
  '1-A-3-1-1',
  '1-A-3-1-2&1-A-3-1-2',
  '1-A-3-1-3&&2',
  '1-A-1-1-1',
  '1-A-1-1-2&&3',
  '1-A-4-1-1',
  '1-A-3-1-2&&3',
];
const NODES = ['CHGO', 'NYCY', 'GNVA'];
const from = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
const name = from(...NAMES);

/** Commands of the right form about few objects and few time slots, so that they meet. */
const provisioning = fc.oneof(
  fc
    .tuple(name, from('1', '2&3', '1&&3', '3'), from('yes', 'no'))
    .map(
      ([n, slots, lcas]) =>
        `ent-vcg::${n}:1::suppttp=1-A-3-1,tunnelpeername=1-A-3-1-1,lcasenabled=${lcas},groupmem=${slots};`,
    ),
  fc
    .tuple(name, from('a-CTP-1', 'b-CTP-2&b-CTP-3', '1-A-3-1-2', ...ENDS))
    .map(([n, ctps]) => `ent-gtp::${n}:1::ctp=${ctps};`),
  fc
    .tuple(name, name, from(...ENDS), from(...NODES), from('', ',dtlsn=a'), from('yes', 'no'))
    .map(
      ([gtp, n, ends, node, set, mesh]) =>
        `ent-snc-stspc::${gtp},${ends}:1::name=${n},rmnode=${node}${set},meshrst=${mesh};`,
    ),
  fc
    .tuple(name, name, name)
    .map(([g, h, n]) => `ent-crs-stspc::fromendpoint=${g},toendpoint=${h}:1::name=${n};`),
  from('ent-dtl::a:1::nodename1=CHGO,osrpltpid1=1,nodename2=NYCY,osrpltpid2=1,termnodename=CHGO;'),
  from('ent-dtl::a:1::nodename1=CHGO,osrpltpid1=9,termnodename=NYCY;', 'ent-dtl-set::a:1::wrknm=a;'),
  fc
    .tuple(name, name)
    .map(
      ([n, vcg]) =>
        `ent-eflow::${n}:1:::ingressporttype=ettp,ingressportname=1-A-3-1-1,egressporttype=vcg,egressportname=${vcg};`,
    ),
  fc
    .tuple(from(...OBJECTS), name, from('oos', 'is'))
    .map(([object, n, pst]) => `ed-${object}::${n}:1::pst=${pst};`),
  fc.tuple(from(...OBJECTS), name).map(([object, n]) => `dlt-${object}::${n}:1;`),
  from('rtrv-stspc:::1;', 'rtrv-ocn::ALL:1;', 'rtrv-crs:::1;', 'rtrv-gtp::ALL:1;', 'rtrv-osrp-ltp::ALL:1;'),
);

test('any sequence of commands and cuts is answered, and leaves no time slot with two owners', async () => {
  const act = fc.oneof(
    { weight: 9, arbitrary: provisioning },
    { weight: 1, arbitrary: fc.constantFrom('cut', 'repair') },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 60 }), async (acts) => {
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
      await b.clock.run(seconds(2));
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
