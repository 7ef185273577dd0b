import { assert, suite } from '../../scripts/testing/suite.ts';
import { type Duration, type Instant, ms, seconds } from '../core/time.ts';
import type { CongestionAlgorithm } from './congestion-algorithms.ts';
import { CUBIC, cubicK, cubicWindow } from './congestion-cubic.ts';
import { onDelivery, onHole, onTimeout, openTcp, pacingRate, segmentBytes, type TcpState } from './tcp.ts';

const test = suite('TCP window');

/** One full window delivered, in 16 acknowledgements spread over a round trip. */
function round(state: TcpState, rtt: Duration, start: number): TcpState {
  const flight = state.cwnd;
  let next = state;
  for (let i = 1; i <= 16; i++) {
    const now = (start + (rtt * i) / 16) as Instant;
    next = onDelivery(next, { bytes: flight / 16, cumulative: 0, flight, rtt: i === 1 ? rtt : null }, now);
  }
  return next;
}

/** Rounds of full windows until `isDone`; gives the state and the time it took. */
function grow(
  from: TcpState,
  rtt: Duration,
  isDone: (state: TcpState) => boolean,
): { state: TcpState; took: number } {
  let state = from;
  let took = 0;
  for (; !isDone(state); took += rtt) state = round(state, rtt, took);
  return { state, took };
}

function afterLossAt(window: number, mss: number, algorithm: CongestionAlgorithm): TcpState {
  const state = { ...openTcp(mss, algorithm), cwnd: window };
  return onDelivery(onHole(state, 1), { bytes: 1, cumulative: 1, flight: window, rtt: null }, 0 as Instant);
}

test('an MTU of 1500 carries 1448 bytes, one of 9000 carries 8948', () => {
  assert.is(segmentBytes(1500), 1448);
  assert.is(segmentBytes(9000), 8948);
});

test('slow start doubles the window per round trip: 10 Gb/s over 160 ms is full after 14 of them', () => {
  const pipe = (10e9 / 8) * 0.16;
  const open = openTcp(1448, 'cubic');
  assert.is(open.cwnd, 10 * 1448);
  assert.is(Math.round(round(open, ms(160), 0).cwnd), 20 * 1448);
  const { took } = grow(open, ms(160), ({ cwnd }) => cwnd >= pipe);
  assert.is(took / ms(160), Math.ceil(Math.log2(pipe / open.cwnd)));
  assert.is(took, 14 * ms(160));
});

test("Reno's recovery from one loss takes C * RTT^2 / (2 * MSS)", () => {
  // SCIC (2002) gives 1 h 32 min for 10 Gb/s, 120 ms and 1460 bytes; the formula gives 1 h 43 min.
  const responsiveness = (bitsPerSecond: number, rtt: number, mss: number): number =>
    ((bitsPerSecond / 8) * rtt ** 2) / (2 * mss);
  assert.ok(Math.abs(responsiveness(10e9, 0.12, 1460) / 60 - 103) < 1);
  const pipe = (1e9 / 8) * 0.06;
  const lost = afterLossAt(pipe, 1460, 'reno');
  assert.is(Math.round(lost.cwnd), pipe / 2);
  const { took } = grow(lost, ms(60), ({ cwnd }) => cwnd >= pipe);
  const ratio = took / 1e9 / responsiveness(1e9, 0.06, 1460);
  assert.ok(ratio > 0.95 && ratio < 1.05, `took ${ratio} of the formula`);
});

test('CUBIC is back at W_max after K = cbrt(W_max * (1 - beta) / C), slowly near it and faster beyond it', () => {
  const mss = 1448;
  const windowMax = 10_000;
  const k = Math.cbrt((windowMax * 0.3) / 0.4);
  assert.ok(Math.abs(cubicK(windowMax, windowMax * 0.7) - k) < 1e-9);
  const lost = afterLossAt(windowMax * mss, mss, 'cubic');
  assert.is(Math.round(lost.cwnd / mss), 7000);
  const rtt = ms(100);
  const sizes: number[] = [];
  let state = lost;
  for (let t = 0; t < seconds(2 * k); t += rtt) {
    state = round(state, rtt, t);
    sizes.push(state.cwnd / mss);
  }
  const at = (t: number): number => sizes[Math.round((t * 1e9) / rtt) - 1] as number;
  assert.ok(Math.abs(at(k) - windowMax) < 0.005 * windowMax, `${at(k)} segments after K`);
  assert.ok(Math.abs(at(k / 2) - cubicWindow(k / 2, k, windowMax)) < 0.01 * windowMax);
  assert.ok(at(k / 2) - at(0.1) > 5 * (at(k) - at(k / 2)), 'concave before K');
  assert.ok(at(2 * k - 0.1) - at(1.5 * k) > 5 * (at(1.5 * k) - at(k)), 'convex after K');
});

test('the mean windows of CUBIC under periodic loss are those of RFC 9438, table 1', () => {
  // RTT 0.1 s; 38 segments are Reno's, which CUBIC follows where it would be slower.
  for (const [packetsPerLoss, expected] of [
    [1e3, 38],
    [1e5, 1054],
    [1e6, 5926],
  ] as const) {
    const ratio = meanWindow('cubic', packetsPerLoss) / expected;
    assert.ok(ratio > 0.9 && ratio < 1.1, `${ratio} of the table at one loss in ${packetsPerLoss}`);
  }
  const ratio = meanWindow('reno', 1e4) / 120;
  assert.ok(ratio > 0.9 && ratio < 1.1, `${ratio} of Reno's at one loss in 10,000`);
});

/** Segments, in the steady state, when one packet in `packetsPerLoss` is lost at even distances. */
function meanWindow(algorithm: CongestionAlgorithm, packetsPerLoss: number): number {
  const rtt = ms(100);
  let state = afterLossAt(1.5 * Math.sqrt(packetsPerLoss), 1, algorithm);
  let sent = 0;
  let packets = 0;
  let rounds = 0;
  for (let t = 0, losses = 0; losses < 60; t += rtt) {
    const window = state.cwnd;
    state = round(state, rtt, t);
    sent += window;
    if (losses >= 20) {
      packets += window;
      rounds++;
    }
    if (sent < packetsPerLoss) continue;
    sent -= packetsPerLoss;
    losses++;
    const flight = state.cwnd;
    state = onDelivery(onHole(state, t), { bytes: 0, cumulative: t, flight, rtt: null }, t as Instant);
  }
  return packets / rounds;
}

test('several holes in one flight reduce the window once, one in the next flight again', () => {
  const full = { ...openTcp(1000, 'cubic'), cwnd: 100_000 };
  const first = onHole(full, 500);
  assert.is(first.phase, 'recovering');
  assert.is(first.cwnd, 70_000);
  assert.is(onHole(first, 700), first);
  const delivered = onDelivery(first, { bytes: 1, cumulative: 500, flight: 1, rtt: null }, 0 as Instant);
  assert.is(delivered.phase, 'avoidance');
  assert.ok(Math.abs(onHole(delivered, 900).cwnd - 49_000) < 1e-6);
});

test('after a time-out one segment leaves, and slow start goes up to the threshold', () => {
  const full = { ...openTcp(1000, 'reno'), cwnd: 64_000 };
  const first = onTimeout(full, 500);
  assert.equal([first.phase, first.cwnd, first.ssthresh], ['retrying', 1000, 32_000]);
  const again = onTimeout(first, 500);
  assert.equal([again.cwnd, again.ssthresh, again.rtt.backoffs], [1000, 32_000, 2]);
  const { state, took } = grow(
    onDelivery(again, { bytes: 1, cumulative: 500, flight: 1, rtt: null }, 0 as Instant),
    ms(10),
    ({ cwnd }) => cwnd >= 32_000,
  );
  assert.is(took, ms(50));
  assert.is(state.phase, 'avoidance');
});

test('a window that is not used does not grow', () => {
  const idle = { ...openTcp(1000, 'cubic'), cwnd: 100_000, ssthresh: 50_000 };
  const after = onDelivery(idle, { bytes: 1000, cumulative: 0, flight: 20_000, rtt: ms(10) }, 0 as Instant);
  assert.is(after.cwnd, 100_000);
});

test('time in which the window was not used is no growth of CUBIC', () => {
  const window = { cwnd: 700, mss: 1, srtt: ms(1) };
  const lost = CUBIC.reduce(CUBIC.initial(), { ...window, cwnd: 1000 }, 'hole').state;
  const started = CUBIC.grow(lost, window, 1, 0 as Instant).state;
  const held = CUBIC.hold(started, seconds(100) as number as Instant);
  assert.ok(CUBIC.grow(held, window, 1, seconds(100) as number as Instant).cwnd < 701);
  assert.ok(CUBIC.grow(started, window, 700, seconds(100) as number as Instant).cwnd > 1000);
});

test('packets are spread over the round trip, at twice the rate of the window far below the threshold', () => {
  const state = { ...openTcp(1000, 'cubic'), cwnd: 100_000 };
  assert.is(pacingRate(state), null);
  const timed = { ...state, rtt: { srtt: ms(1), rttvar: ms(0), backoffs: 0 } };
  assert.is(pacingRate(timed), 0.2);
  assert.is(pacingRate({ ...timed, ssthresh: 150_000 }), 0.12);
});

test.run();
