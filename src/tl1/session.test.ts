import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import type { LogValue } from '../platform/platform.ts';
import { CtagSequence } from './ctag.ts';
import { Tl1CommandError } from './errors.ts';
import { ManualClock } from './manual-clock.fixture.ts';
import { ADDRESS, completed, denied, HEADER, type Script, ScriptedNetwork } from './scripted-peer.fixture.ts';
import { Tl1Session, type Tl1SessionOptions } from './session.ts';

const test = suite('tl1 session');

const LOGIN = { user: 'op', password: 'xyzzy' };
const NOTIFICATION = `${HEADER}*C 7 REPT ALM EQPT\r\n   "10001:CR,LOS,SA,10-09,16-20-05"\r\n;`;

function open(options: Partial<Tl1SessionOptions>, ...scripts: (Script | null)[]) {
  const clock = new ManualClock();
  const network = new ScriptedNetwork(...scripts);
  const records: { kind: string; fields: { readonly [key: string]: LogValue } }[] = [];
  const log = {
    record: (kind: string, fields: { readonly [key: string]: LogValue }) => records.push({ kind, fields }),
  };
  const session = new Tl1Session({ clock, network, log, address: ADDRESS, ...options });
  const close = async (): Promise<void> => {
    await clock.until(session.close(), seconds(5));
    assert.is(network.failure, null);
  };
  return { clock, network, records, session, close };
}

/** Shows a prompt and answers the login. */
const loggedIn =
  (rest: Script): Script =>
  async (peer) => {
    peer.send('<');
    await peer.complete();
    await rest(peer);
  };

/** Answers everything. */
const obliging: Script = async (peer) => {
  while ((await peer.complete()) !== null);
};

test('it waits for the prompt, logs in, sends commands and logs out', async () => {
  const { clock, network, session, close } = open({ login: LOGIN }, async (peer) => {
    peer.send('\x1b[2Jagent> ');
    await obliging(peer);
  });
  const outcome = await clock.until(session.execute({ verb: 'RTRV-HDR' }), ms(1));
  assert.is(outcome.kind, 'completed');
  await close();
  assert.equal(network.peers[0]?.received, ['ACT-USER::op:1::xyzzy', 'RTRV-HDR:::2', 'CANC-USER::op:3']);
});

test('a session that is quiet for a minute asks the device for its header, and one that is not does not', async () => {
  const { clock, network, session, close } = open({ login: LOGIN }, loggedIn(obliging));
  await clock.advance(seconds(50));
  assert.is((await clock.until(session.execute({ verb: 'RTRV-EQPT' }), ms(1))).kind, 'completed');
  await clock.advance(seconds(59));
  assert.equal(network.peers[0]?.received, ['ACT-USER::op:1::xyzzy', 'RTRV-EQPT:::2']);
  await clock.advance(seconds(1));
  assert.is(network.peers[0]?.received.at(-1), 'RTRV-HDR:::3');
  await close();
});

test('a device without a prompt is spoken to after a quiet half second, and a password is quoted when asked', async () => {
  const login = { ...LOGIN, isPasswordQuoted: true };
  const { clock, network, session, close } = open({ login }, obliging);
  const outcome = session.execute({ verb: 'RTRV-HDR' });
  await clock.advance(ms(499));
  assert.equal(network.peers[0]?.received, []);
  assert.is((await clock.until(outcome, ms(1))).kind, 'completed');
  assert.is(network.peers[0]?.received[0], 'ACT-USER::op:1::"xyzzy"');
  await close();
});

test('parts, an echo, notifications between and an acknowledgement add up to one outcome', async () => {
  const { clock, session, close } = open({ login: LOGIN }, (peer) =>
    loggedIn(async () => {
      const command = await peer.next();
      peer.send(`${command};\r\n${NOTIFICATION}\r\nIP {ctag}\r\n<`);
      peer.send(`${HEADER}M  {ctag} COMPLD\r\n   "A"\r\n   /* one */\r\n>\r\n<${NOTIFICATION}`);
      peer.send(`${HEADER}M  {ctag} COMPLD\r\n   "B"\r\n;\r\n<`);
    })(peer),
  );
  const heard: string[] = [];
  const stop = session.subscribe((notification) => heard.push(...notification.lines));
  const outcome = await clock.until(session.execute({ verb: 'RTRV-CRS' }), ms(1));
  assert.equal(outcome, { kind: 'completed', code: 'COMPLD', lines: ['A', 'B'], comments: ['one'] });
  assert.is(heard.length, 2);
  stop();
  await close();
});

test('acknowledgements without an answer end a command', async () => {
  const codes = ['OK', 'NA', 'NG', 'RL'];
  const { clock, session, close } = open({ login: LOGIN }, (peer) =>
    loggedIn(async () => {
      for (const code of codes) {
        await peer.next();
        peer.send(`${code} {ctag}\r\n<`);
      }
    })(peer),
  );
  const kinds: string[] = [];
  for (const _ of codes) {
    const outcome = await clock.until(session.execute({ verb: 'ENT-CRS' }), ms(1));
    kinds.push(outcome.kind === 'denied' ? outcome.errorCode : outcome.kind);
  }
  assert.equal(kinds, ['completed', 'unanswered', 'NG', 'RL']);
  await close();
});

test('"in progress" begins the time limit anew', async () => {
  const { clock, session, close } = open({ login: LOGIN }, (peer) =>
    loggedIn(async () => {
      await peer.next();
      await clock.sleep(ms(1500));
      peer.send('IP {ctag}\r\n<');
      await clock.sleep(ms(1500));
      peer.send(completed());
    })(peer),
  );
  const outcome = await clock.until(session.execute({ verb: 'RTRV-CRS' }, { limit: seconds(2) }), seconds(4));
  assert.is(outcome.kind, 'completed');
  await close();
});

test('a denial has its code and comment', async () => {
  const { clock, session, close } = open({ login: LOGIN }, (peer) =>
    loggedIn(async () => {
      await peer.next();
      peer.send(denied('SARB', 'Invalid Connection'));
    })(peer),
  );
  const outcome = await clock.until(session.execute({ verb: 'ENT-CRS' }), ms(1));
  assert.equal(outcome, { kind: 'denied', errorCode: 'SARB', comments: ['Invalid Connection'] });
  await close();
});

test('a late reply is dropped and recorded, and is not taken for the next answer', async () => {
  const { clock, records, network, session, close } = open({ login: LOGIN }, (peer) =>
    loggedIn(async () => {
      await peer.next();
      const late = completed('late').replace('{ctag}', peer.ctag);
      await peer.next();
      peer.send(late);
      peer.send(completed('mine'));
    })(peer),
  );
  const first = await clock.until(session.execute({ verb: 'RTRV-CRS' }), seconds(11));
  assert.equal(first, { kind: 'unanswered', reason: 'no answer within 4 s', isSent: true });
  const second = await clock.until(session.execute({ verb: 'RTRV-CRS' }), ms(1));
  assert.equal(second.kind === 'completed' && second.lines, ['mine']);
  assert.ok(records.some(({ kind, fields }) => kind === 'tl1-reply.dropped' && fields.ctag === '2'));
  assert.is(network.peers.length, 1);
  await close();
});

test('a device that never answers is left after two commands, and connected to again', async () => {
  const { clock, network, session, close } = open(
    { login: LOGIN },
    (peer) => loggedIn(async () => void (await peer.next()))(peer),
    loggedIn(obliging),
  );
  for (let i = 0; i < 2; i++) {
    assert.is((await clock.until(session.execute({ verb: 'RTRV-HDR' }), seconds(11))).kind, 'unanswered');
  }
  assert.is((await clock.until(session.execute({ verb: 'RTRV-HDR' }), seconds(2))).kind, 'completed');
  assert.is(network.peers.length, 2);
  await close();
});

test('a long line at a device that answers costs time and nothing else', async () => {
  const { clock, network, session, close } = open({ login: LOGIN }, (peer) =>
    loggedIn(async () => {
      for (let i = 0; i < 9; i++) {
        await peer.next();
        await clock.sleep(seconds(1));
        peer.send(completed('slow').replace('{ctag}', peer.ctag));
      }
    })(peer),
  );
  const asked = Array.from({ length: 9 }, () => session.execute({ verb: 'ENT-CRS' }, { limit: seconds(4) }));
  const outcomes = await clock.until(Promise.all(asked), seconds(10));
  assert.ok(outcomes.every(({ kind }) => kind === 'completed'));
  assert.is(network.peers.length, 1);
  await close();
});

test('whoever waits in line when the device falls silent is not sent, and nobody waits for a minute', async () => {
  const { clock, records, session, close } = open({ login: LOGIN }, (peer) =>
    loggedIn(async () => {
      for (let i = 0; i < 70; i++) {
        await peer.next();
        await clock.sleep(seconds(1));
        peer.send(completed('slow').replace('{ctag}', peer.ctag));
      }
    })(peer),
  );
  const limit = { limit: seconds(4) };
  const asked = Array.from({ length: 80 }, () => session.execute({ verb: 'ENT-CRS' }, limit));
  const late = await clock.until(Promise.all(asked), seconds(61));
  assert.is(late.filter(({ kind }) => kind === 'completed').length, 60);
  assert.ok(late.every((outcome) => outcome.kind !== 'unanswered' || !outcome.isSent));
  const more = Array.from({ length: 20 }, () => session.execute({ verb: 'ENT-CRS' }, limit));
  const [first, ...rest] = (await clock.until(Promise.all(more), seconds(20))).reverse();
  assert.is(first?.kind === 'unanswered' && first.isSent, false, 'its turn did not come');
  assert.is(rest.filter(({ kind }) => kind === 'completed').length, 10);
  assert.ok(records.some(({ kind }) => kind === 'tl1-command.unsent'));
  await close();
});

test('half a message for ever: the command is unanswered, the connection is given up, the next works', async () => {
  const { clock, records, network, session, close } = open(
    { login: LOGIN },
    loggedIn(async (peer) => {
      await peer.next();
      peer.send(`${HEADER}M  {ctag} COMPLD\r\n   "GGN:PORT`);
    }),
    loggedIn(obliging),
  );
  const outcome = await clock.until(session.execute({ verb: 'RTRV-HDR' }), seconds(11));
  assert.is(outcome.kind, 'unanswered');
  assert.is((await clock.until(session.execute({ verb: 'RTRV-HDR' }), seconds(2))).kind, 'completed');
  const lost = records.find(({ kind }) => kind === 'tl1-session.lost');
  assert.match(
    String(lost?.fields.reason),
    /^a message does not end: " {3}BD0472 16-06-09 17:12:52\.\.M {2}2 COMPLD/,
  );
  assert.is(network.peers[0]?.isAborted, true);
  await close();
});

test('a peer that does not speak TL1 ends the session with the head of what it said', async () => {
  const { clock, records, session, close } = open(
    { login: LOGIN },
    loggedIn(async (peer) => {
      await peer.next();
      peer.send('HTTP/1.1 400 Bad Request\r\nServer: x\r\n;');
    }),
    loggedIn(obliging),
  );
  const outcome = await clock.until(session.execute({ verb: 'RTRV-HDR' }), seconds(1));
  assert.equal(outcome, {
    kind: 'unanswered',
    reason: 'not a TL1 message: "HTTP/1.1 400 Bad Request..Server: x"',
    isSent: true,
  });
  assert.ok(records.some(({ kind }) => kind === 'tl1-session.lost'));
  await close();
});

test('megabytes without a terminator end the connection', async () => {
  const { clock, network, session, close } = open({ blockBytesMax: 65_536 }, async (peer) => {
    await peer.next();
    for (let i = 0; i < 100; i++) peer.send('x'.repeat(10_000));
  });
  const outcome = await clock.until(session.execute({ verb: 'RTRV-HDR' }), seconds(1));
  assert.match(
    outcome.kind === 'unanswered' ? outcome.reason : '',
    /passed 65536 bytes without an end: "x{80}"$/,
  );
  assert.is(network.peers[0]?.isAborted, true);
  await close();
});

test('a greeting before the login is not garbage', async () => {
  const { clock, session, close } = open({ login: LOGIN }, async (peer) => {
    peer.send('TXN TL1 Agent 5.2\r\n\r\n;');
    await obliging(peer);
  });
  assert.is((await clock.until(session.execute({ verb: 'RTRV-HDR' }), ms(1))).kind, 'completed');
  await close();
});

test('after a login that is refused a reconnect waits 1 s, then twice as long each time, up to 30 s', async () => {
  const refusing: Script = async (peer) => {
    peer.send('<');
    await peer.next();
    peer.send(denied('PIUI', 'Invalid user'));
    while ((await peer.next()) !== null);
  };
  const scripts = Array.from({ length: 9 }, () => refusing);
  const { clock, network, close } = open({ login: LOGIN }, ...scripts);
  const counts: number[] = [];
  await clock.advance(ms(0));
  for (const wait of [1, 2, 4, 8, 16, 30, 30]) {
    await clock.advance(ms(wait * 1000 - 1));
    counts.push(network.peers.length);
    await clock.advance(ms(1));
  }
  assert.equal(counts, [1, 2, 3, 4, 5, 6, 7]);
  await close();
});

test('a device that is away is dialled every 4 s in the end, and a dial that nobody answers begins anew', async () => {
  const { clock, network, session, close } = open({ login: LOGIN }, ...Array.from({ length: 9 }, () => null));
  await clock.advance(seconds(4 + 1 + 4 + 2 + 4 + 4 + 6 * 8 - 1));
  assert.is(network.refusals, 0);
  await clock.advance(seconds(2));
  assert.is(network.refusals, 1);
  assert.is(session.state, 'waiting');
  await close();
});

test('where connections are refused a reconnect waits up to 4 s', async () => {
  const { clock, network, session, close } = open({});
  const counts: number[] = [];
  for (const wait of [1, 2, 4, 4, 4, 4, 4]) {
    await clock.advance(ms(wait * 1000 - 1));
    counts.push(network.refusals);
    await clock.advance(ms(1));
  }
  assert.equal(counts, [1, 2, 3, 4, 5, 6, 7]);
  const outcome = await clock.until(session.execute({ verb: 'RTRV-HDR' }), seconds(11));
  assert.equal(outcome, {
    kind: 'unanswered',
    reason: 'not sent: connect to switch:10033: refused',
    isSent: false,
  });
  await close();
});

test('a connection that is never accepted is tried again, and a command waits for it', async () => {
  const { clock, session, close } = open({ login: LOGIN }, null, loggedIn(obliging));
  const outcome = session.execute({ verb: 'RTRV-HDR' }, { limit: seconds(30) });
  assert.is((await clock.until(outcome, seconds(22))).kind, 'completed');
  await close();
});

test('a connection lost in the middle leaves its command unanswered at once', async () => {
  const { clock, session, close } = open(
    { login: LOGIN },
    loggedIn(async (peer) => {
      await peer.next();
      peer.hangUp();
    }),
    loggedIn(obliging),
  );
  const outcome = await clock.until(session.execute({ verb: 'ENT-CRS' }), ms(1));
  assert.equal(outcome, { kind: 'unanswered', reason: 'the device closed the connection', isSent: true });
  assert.is((await clock.until(session.execute({ verb: 'RTRV-HDR' }), seconds(2))).kind, 'completed');
  await close();
});

test('"Login Not Active" right after the login is asked again after half a second', async () => {
  const { clock, network, session, close } = open(
    { login: LOGIN },
    loggedIn(async (peer) => {
      await peer.next();
      peer.send(denied('PLNA', 'Login Not Active'));
      await obliging(peer);
    }),
  );
  assert.is((await clock.until(session.execute({ verb: 'RTRV-HDR' }), ms(501))).kind, 'completed');
  assert.is(network.peers.length, 1);
  await close();
});

test('so is a command that has waited in line for longer than it may take', async () => {
  const { clock, network, session, close } = open(
    { login: LOGIN },
    loggedIn(async (peer) => {
      for (let i = 0; i < 3; i++) {
        await peer.next();
        await clock.sleep(seconds(2));
        peer.send(completed());
      }
      await peer.next();
      peer.send(denied('PLNA', 'Login Not Active'));
      await obliging(peer);
    }),
  );
  const outcomes = Promise.all([1, 2, 3, 4].map(() => session.execute({ verb: 'RTRV-HDR' })));
  assert.equal(
    (await clock.until(outcomes, seconds(9))).map(({ kind }) => kind),
    Array(4).fill('completed'),
  );
  assert.is(network.peers.length, 1);
  await close();
});

test('a login whose answer is lost is given up soon, and the next one is given longer', async () => {
  const mute: Script = async (peer) => {
    peer.send('<');
    while ((await peer.next()) !== null);
  };
  const { clock, network, session, close } = open({ login: LOGIN }, mute, mute, loggedIn(obliging));
  await clock.advance(seconds(2));
  assert.is(session.state, 'waiting');
  await clock.advance(seconds(1));
  assert.is(session.state, 'logging-in');
  await clock.advance(ms(3900));
  assert.is(session.state, 'logging-in');
  await clock.advance(ms(100));
  assert.is(session.state, 'waiting');
  await clock.advance(seconds(2));
  assert.is(session.state, 'ready');
  assert.is(network.peers.length, 3);
  await close();
});

test('a login that is refused is not sent again and again, and no password is shown', async () => {
  const { clock, network, records, session, close } = open({ login: LOGIN }, async (peer) => {
    peer.send('<');
    const command = await peer.next();
    peer.send(`${command};\r\n${denied('PIUI', 'no user op with xyzzy')}`);
  });
  const outcome = await clock.until(session.execute({ verb: 'RTRV-HDR' }), seconds(11));
  assert.match(outcome.kind === 'unanswered' ? outcome.reason : '', /refused|PIUI/);
  assert.ok(records.some(({ fields }) => String(fields.reason).includes('PIUI no user op with ***')));
  assert.not.match(JSON.stringify([records, outcome]), /xyzzy/);
  assert.is(network.peers[0]?.received.length, 1);
  await close();
});

test('after 60 s idle the session asks for a header, and not while it is busy', async () => {
  const { clock, network, session, close } = open({ login: LOGIN }, loggedIn(obliging));
  await clock.until(session.execute({ verb: 'RTRV-CRS' }), ms(1));
  await clock.advance(ms(59_999));
  assert.is(network.peers[0]?.received.length, 2);
  await clock.advance(ms(1));
  assert.is(network.peers[0]?.received[2], 'RTRV-HDR:::3');
  await clock.advance(seconds(60));
  assert.is(network.peers[0]?.received.length, 4);
  await close();
});

test('one command is in flight unless more are allowed, and answers find theirs in any order', async () => {
  for (const inFlightMax of [1, 3]) {
    const { clock, network, session, close } = open({ login: LOGIN, inFlightMax }, (peer) =>
      loggedIn(async () => {
        const tags: string[] = [];
        for (let i = 0; i < 3; i++) {
          await peer.next();
          tags.unshift(peer.ctag);
          if (inFlightMax === 1) peer.send(completed(peer.ctag));
        }
        if (inFlightMax === 3) for (const tag of tags) peer.send(completed(tag).replace('{ctag}', tag));
      })(peer),
    );
    const outcomes = [1, 2, 3].map(() => session.execute({ verb: 'RTRV-HDR' }));
    const lines = await clock.until(Promise.all(outcomes), ms(10));
    assert.equal(
      lines.map((outcome) => (outcome.kind === 'completed' ? outcome.lines[0] : '')),
      ['2', '3', '4'],
    );
    assert.is(network.failure, null);
    await close();
  }
});

test('closing answers whoever waits, in every state', async () => {
  const waiting = open({}, null);
  const outcome = waiting.session.execute({ verb: 'RTRV-HDR' });
  await waiting.close();
  assert.equal(await outcome, {
    kind: 'unanswered',
    reason: 'not sent: the session is closed',
    isSent: false,
  });
  const silent = open(
    { login: LOGIN },
    loggedIn(async (peer) => void (await peer.next())),
  );
  await silent.clock.advance(ms(1));
  const inFlight = silent.session.execute({ verb: 'RTRV-HDR' });
  await silent.close();
  assert.is((await inFlight).kind, 'unanswered');
  assert.is((await silent.session.execute({ verb: 'RTRV-HDR' })).kind, 'unanswered');
  await silent.session.close();
  const loggingIn = open({ login: LOGIN }, obliging);
  await loggingIn.clock.advance(ms(100));
  await loggingIn.close();
});

test('a command that TL1 cannot write is an error of its caller', async () => {
  const { session, close } = open({}, null);
  await rejects(session.execute({ verb: 'ENT-CRS', aid: 'a;b' }), Tl1CommandError);
  assert.throws(() => open({ login: { user: 'op', password: 'a;b' } }), /part holds/);
  await close();
});

test('a CTAG is not used again until all others were, nor while it is waited for', () => {
  const tags = new CtagSequence(3);
  const next = (): string => tags.next((tag) => tag === '2');
  assert.equal([next(), next(), next(), next()], ['1', '3', '1', '3']);
  assert.is(
    new CtagSequence().next(() => false),
    '1',
  );
});

test.run();
