// What a session makes of peers that are no TL1 devices, or broken ones: over real TCP, with short limits.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { between, type Duration, ms, seconds } from '../core/time.ts';
import { hostClock } from '../host/clock.ts';
import { hostPlatform } from '../host/platform.ts';
import { HurriedClock } from '../optical/hurried-clock.fixture.ts';
import type { LogValue } from '../platform/platform.ts';
import { counted, HostilePeer, MANNERS, type Manner } from './hostile-peer.fixture.ts';
import { Tl1Session, type Tl1SessionOptions } from './session.ts';

const test = suite('tl1 session with a hostile peer');

/** An address of this suite's own. */
const HOST = '127.34.17.1';
const LOGIN = { user: 'op', password: 'xyzzy' };
const BLOCK_BYTES_MAX = 128 * 1024;
/** What one read of a socket gives at most: Node's piece of 64 KiB. */
const PIECE_BYTES_MAX = 64 * 1024;
const LIMIT = ms(80);
/** A loaded machine may be late by so much. */
const SLACK = seconds(120);

const timings = {
  connectLimit: ms(300),
  greetingLimit: ms(300),
  quiet: ms(10),
  commandLimit: ms(120),
  reconnectFirst: ms(20),
  reconnectLongest: ms(40),
  closeLimit: ms(50),
};

interface Case {
  readonly what: string;
  readonly manner: Manner;
  /** Why the session lost the connection: without a login, and with one. */
  readonly bare: RegExp;
  readonly loggingIn: RegExp;
}

const CASES: readonly Case[] = [
  {
    what: 'closes every connection at once',
    manner: MANNERS.closesAtOnce,
    bare: /the device closed the connection|reset/,
    loggingIn: /the device closed the connection|reset/,
  },
  {
    what: 'accepts and never answers',
    manner: MANNERS.isMute,
    bare: /2 commands without a message in answer/,
    loggingIn: /^login of op: no answer within 120 ms$/,
  },
  {
    what: 'speaks another protocol',
    manner: MANNERS.speaksHttp,
    bare: /a message does not end: "HTTP\/1\.0 400 Bad Request\.\.Server: not a switch"/,
    loggingIn: /a message does not end: "HTTP\/1\.0 400 Bad Request\.\.Server: not a switch"/,
  },
  {
    what: 'babbles',
    manner: MANNERS.babbles,
    bare: /2 commands without a message in answer|COMPLAINT/,
    loggingIn: /login of op: no answer within 120 ms, only "M 1 COMPLAINT/,
  },
  {
    what: 'sends half a message, and then a byte now and then for ever',
    manner: MANNERS.drips,
    bare: /a message does not end: ".*10001:torn\.+"/,
    loggingIn: /login of op: no answer within 120 ms, only ".*10001:torn\.+"/,
  },
  {
    what: 'sends without end and without a terminator',
    manner: MANNERS.floods,
    bare: /passed 131072 bytes without an end: "flood flood /,
    loggingIn: /passed 131072 bytes without an end: "flood flood /,
  },
];

interface Opened {
  readonly session: Tl1Session;
  readonly peer: HostilePeer;
  /** Bytes read on each connection. */
  readonly read: readonly number[];
  readonly lost: () => string[];
}

async function withSession(
  manner: Manner,
  options: Partial<Tl1SessionOptions>,
  body: (o: Opened) => Promise<void>,
): Promise<void> {
  const peer = await HostilePeer.open(HOST, manner);
  const records: { kind: string; fields: { readonly [key: string]: LogValue } }[] = [];
  const { network: wire } = hostPlatform({ machine: 'client', folder: '.' });
  const { network, read } = counted(wire);
  const log = {
    record: (kind: string, fields: (typeof records)[number]['fields']) => void records.push({ kind, fields }),
  };
  // Both ends have as many turns within a limit, however slow the machine is.
  const clock = new HurriedClock(hostClock, 1);
  const session = new Tl1Session({
    ...{ clock, network, log, address: peer.address, timings, blockBytesMax: BLOCK_BYTES_MAX },
    ...options,
  });
  const lost = (): string[] =>
    records.filter((r) => r.kind === 'tl1-session.lost').map((r) => String(r.fields['reason']));
  try {
    await body({ session, peer, read, lost });
  } finally {
    await session.close();
    await peer.close();
  }
}

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const from = hostClock.now();
  while (!(await isSo())) {
    if (between(from, hostClock.now()) > seconds(180)) throw new Error(`${what}: not within 3 min`);
    await hostClock.sleep(ms(5));
  }
}

for (const { what, manner, bare, loggingIn } of CASES)
  for (const login of [undefined, LOGIN]) {
    const how = login === undefined ? 'no login' : 'a login';
    test(`a peer that ${what}: in time no answer, an error that shows it, and recovery (${how})`, async () => {
      const options = login === undefined ? {} : { login };
      await withSession(manner, options, async ({ session, peer, read, lost }) => {
        for (let i = 0; i < 2; i++) {
          const from = hostClock.now();
          const outcome = await session.execute({ verb: 'RTRV-HDR' }, { limit: LIMIT });
          assert.is(outcome.kind, 'unanswered');
          const took: Duration = between(from, hostClock.now());
          assert.ok(took < LIMIT + SLACK, `${took / 1e6} ms`);
        }
        await until(() => lost().length > 0, 'the session gives the connection up');
        assert.match(lost()[0] ?? '', login === undefined ? bare : loggingIn);
        for (const bytes of read)
          assert.ok(bytes <= BLOCK_BYTES_MAX + PIECE_BYTES_MAX, `${bytes} bytes taken`);
        peer.manner = MANNERS.isSane;
        await until(
          async () => (await session.execute({ verb: 'RTRV-HDR' }, { limit: ms(200) })).kind === 'completed',
          'an answer of the sane peer',
        );
      });
    });
  }

test('a password that a peer echoes is in no error', async () => {
  const parrot: Manner = async (connection) => {
    for (let chunk = await connection.read(); chunk !== null; chunk = await connection.read())
      await connection.write(new TextEncoder().encode(`You said ${LOGIN.password} to me`));
  };
  await withSession(parrot, { login: LOGIN }, async ({ lost }) => {
    await until(() => lost().length > 0, 'the session gives the connection up');
    assert.match(lost()[0] ?? '', /a message does not end: "You said \*\*\* to me/);
  });
});

test.run();
