import { assert, suite } from '../../scripts/testing/suite.ts';
import { bitsPerSecond, bytes } from '../core/quantity.ts';
import { type Duration, type Instant, ms } from '../core/time.ts';
import { DataNetwork } from './data-network.ts';

const test = suite('data network');

class StepClock {
  time = 0;
  readonly #timers: { at: number; fire: () => void }[] = [];
  now(): Instant {
    return this.time as Instant;
  }
  timer(d: Duration, fire: () => void): { cancel(): void } {
    const entry = { at: this.time + d, fire };
    this.#timers.push(entry);
    return { cancel: () => this.#timers.splice(this.#timers.indexOf(entry), 1) };
  }
  advance(d: Duration): void {
    this.time += d;
    for (const timer of this.#timers.filter((t) => t.at <= this.time)) {
      this.#timers.splice(this.#timers.indexOf(timer), 1);
      timer.fire();
    }
  }
  get pending(): number {
    return this.#timers.length;
  }
}

function triangle(): { clock: StepClock; net: DataNetwork } {
  const clock = new StepClock();
  const net = new DataNetwork({ clock, convergence: ms(50) });
  for (const name of ['gva', 'chi', 'nyc']) net.addNode(name);
  const common = {
    capacity: bitsPerSecond(10e9),
    queue: bytes(1e6),
    loss: 0,
    mtu: bytes(9000),
    isUp: true,
  };
  net.addLink({ ...common, id: 'direct', a: 'gva', b: 'chi', delay: ms(60) });
  net.addLink({ ...common, id: 'gva-nyc', a: 'nyc', b: 'gva', delay: ms(45) });
  net.addLink({ ...common, id: 'nyc-chi', a: 'nyc', b: 'chi', delay: ms(20) });
  return { clock, net };
}

const ids = (net: DataNetwork, from: string, to: string): string[] | undefined =>
  net.route(from, to)?.map((hop) => `${hop.from}>${hop.to} ${hop.link.id}`);

test('packets take the way of shortest delay, in the direction they travel', () => {
  const { net } = triangle();
  assert.equal(ids(net, 'gva', 'chi'), ['gva>chi direct']);
  assert.equal(ids(net, 'chi', 'gva'), ['chi>gva direct']);
  assert.equal(ids(net, 'gva', 'nyc'), ['gva>nyc gva-nyc']);
  assert.equal(net.route('gva', 'gva'), []);
  assert.is(net.route('gva', 'moon'), null);
});

test('a machine with one link has the ways of the node at its other end, and its link before them', () => {
  const { net } = triangle();
  for (const name of ['host', 'other', 'alone']) net.addNode(name);
  const { a: _, b: __, ...like } = net.link('direct');
  net.addLink({ ...like, id: 'access', a: 'host', b: 'gva', delay: ms(1) });
  net.addLink({ ...like, id: 'other-access', a: 'gva', b: 'other', delay: ms(1) });
  assert.equal(ids(net, 'host', 'chi'), ['host>gva access', 'gva>chi direct']);
  assert.equal(ids(net, 'host', 'other'), ['host>gva access', 'gva>other other-access']);
  assert.equal(ids(net, 'host', 'gva'), ['host>gva access']);
  assert.equal(ids(net, 'gva', 'host'), ['gva>host access']);
  assert.equal(net.route('host', 'host'), []);
  assert.is(net.route('host', 'alone'), null);
});

test('after a link goes down the old route stays in force until the tables converge', () => {
  const { clock, net } = triangle();
  const changes: string[] = [];
  net.onChange((change) => changes.push(change.kind === 'link' ? change.link.id : 'tables'));
  clock.advance(ms(10));
  net.setLink('direct', { isUp: false });
  assert.is(net.link('direct').wentDownAt, ms(10));
  assert.equal(ids(net, 'gva', 'chi'), ['gva>chi direct']);
  clock.advance(ms(49));
  assert.equal(ids(net, 'gva', 'chi'), ['gva>chi direct']);
  clock.advance(ms(1));
  assert.equal(ids(net, 'gva', 'chi'), ['gva>nyc gva-nyc', 'nyc>chi nyc-chi']);
  assert.equal(changes, ['direct', 'tables']);
});

test('changes within one convergence delay are taken together', () => {
  const { clock, net } = triangle();
  net.setLink('direct', { isUp: false });
  clock.advance(ms(30));
  net.setLink('nyc-chi', { isUp: false });
  assert.is(clock.pending, 1);
  clock.advance(ms(20));
  assert.is(net.route('gva', 'chi'), null);
  net.setLink('direct', { isUp: true, delay: ms(70) });
  assert.is(net.route('gva', 'chi'), null);
  clock.advance(ms(50));
  assert.equal(ids(net, 'gva', 'chi'), ['gva>chi direct']);
  assert.is(net.link('direct').delay, ms(70));
});

test('setting what is already so starts no convergence', () => {
  const { clock, net } = triangle();
  net.setLink('direct', { isUp: true, delay: ms(60) });
  assert.is(clock.pending, 0);
});

test('a change of delay alone moves the route', () => {
  const { clock, net } = triangle();
  net.setLink('direct', { delay: ms(66) });
  clock.advance(ms(50));
  assert.equal(ids(net, 'gva', 'chi'), ['gva>nyc gva-nyc', 'nyc>chi nyc-chi']);
});

test('a link without sense is refused when it is laid', () => {
  const { net } = triangle();
  const link = {
    id: 'x',
    a: 'gva',
    b: 'chi',
    capacity: bitsPerSecond(1e9),
    delay: ms(1),
    queue: bytes(0),
    loss: 0,
    mtu: bytes(1500),
    isUp: true,
  };
  assert.throws(() => net.addLink({ ...link, b: 'moon' }), /unknown nodes/);
  assert.throws(() => net.addLink({ ...link, id: 'direct' }), /two links/);
  assert.throws(() => net.addLink({ ...link, loss: 1 }), /share/);
  assert.throws(() => net.addLink({ ...link, mtu: bytes(40) }), /MTU/);
  assert.throws(() => net.addLink({ ...link, capacity: bitsPerSecond(0) }), /capacity/);
});

test("a machine's own route holds at once, one way, and before the tables", () => {
  const { net } = triangle();
  net.addLink({
    ...{ id: 'light', a: 'gva', b: 'chi', delay: ms(1), capacity: bitsPerSecond(10e9), queue: bytes(1e6) },
    ...{ loss: 0, mtu: bytes(9000), isUp: true, isForHostRoutes: true },
  });
  assert.equal(
    ids(net, 'gva', 'chi'),
    ['gva>chi direct'],
    'the tables leave it out, though it is the fastest',
  );
  let changes = 0;
  net.onChange(() => changes++);
  net.setHostRoute('gva', 'chi', 'light');
  assert.equal(ids(net, 'gva', 'chi'), ['gva>chi light']);
  assert.equal(ids(net, 'chi', 'gva'), ['chi>gva direct']);
  net.setLink('light', { isUp: false });
  assert.equal(ids(net, 'gva', 'chi'), ['gva>chi light'], 'it leads onto a dead link until it is taken away');
  net.setHostRoute('gva', 'chi', null);
  assert.equal(ids(net, 'gva', 'chi'), ['gva>chi direct']);
  assert.is(changes, 3);
});

test.run();
