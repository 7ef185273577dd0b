// What a listener promises, and what a connect where none is.

import { assert, rejects } from '../../scripts/testing/suite.ts';
import { abandon, close, connect, fails } from './connected-pair.fixture.ts';
import { CancelledError } from './errors.ts';
import { conformance, type PairFixture, readToEnd, text, utf8 } from './pair.fixture.ts';

export function listenerConformance(fixture: PairFixture): void {
  const test = conformance('listener', fixture);

  test('where nobody listens, a connection is refused', async ({ left, right }) => {
    const listener = await right.network.listen(0, abandon);
    await listener.close();
    await listener.close();
    await fails(left.network.connect(listener.address), 'refused');
  });

  test('a machine that does not exist is unreachable', async ({ left }) => {
    await fails(left.network.connect({ machine: 'nowhere', tcpPort: 3400 }), 'unreachable');
  });

  test('a signal cancels a connect, before and during it', async ({ left, right }) => {
    const listener = await right.network.listen(0, abandon);
    const early = new AbortController();
    early.abort();
    await rejects(left.network.connect(listener.address, early.signal), CancelledError);
    const during = new AbortController();
    const connecting = left.network.connect(listener.address, during.signal);
    during.abort();
    await rejects(connecting, CancelledError);
    await listener.close();
  });

  test('any free port is a real one, and no two are the same', async ({ right }) => {
    const a = await right.network.listen(0, abandon);
    const b = await right.network.listen(0, abandon);
    assert.is(a.address.machine, 'right');
    assert.ok(a.address.tcpPort > 0 && b.address.tcpPort > 0);
    assert.not.equal(a.address.tcpPort, b.address.tcpPort);
    await a.close();
    await b.close();
  });

  test('a port is listened at once, and again after it was closed', async ({ left, right }) => {
    const first = await right.network.listen(0, abandon);
    const { tcpPort } = first.address;
    await fails(right.network.listen(tcpPort, abandon), 'in-use');
    const elsewhere = await left.network.listen(tcpPort, abandon);
    assert.equal(elsewhere.address, { machine: 'left', tcpPort });
    await elsewhere.close();
    await first.close();
    await (await right.network.listen(tcpPort, abandon)).close();
  });

  test('accepted connections outlive their listener', async (pair) => {
    const { client, server, listener } = await connect(pair);
    await listener.close();
    await client.write(utf8('still here'));
    await client.end();
    assert.is(text(await readToEnd(server)), 'still here');
    await close(client, server, listener);
  });

  test.run();
}
