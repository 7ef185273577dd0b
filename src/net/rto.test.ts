import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { NO_RTT, type RttEstimate, retransmissionTimeout, withBackoff, withSample } from './rto.ts';

const test = suite('retransmission time-out');

test('it is 1 s before any sample (RFC 6298, 2.1)', () => {
  assert.is(retransmissionTimeout(NO_RTT), seconds(1));
});

test('the first sample sets SRTT to itself and RTTVAR to half of it (RFC 6298, 2.2)', () => {
  const estimate = withSample(NO_RTT, ms(400));
  assert.equal(estimate, { srtt: ms(400), rttvar: ms(200), backoffs: 0 });
  assert.is(retransmissionTimeout(estimate), ms(400 + 4 * 200));
});

test('a later sample moves SRTT by an eighth and RTTVAR by a quarter (RFC 6298, 2.3)', () => {
  const estimate = withSample({ srtt: ms(100), rttvar: ms(10), backoffs: 3 }, ms(180));
  assert.equal(estimate, { srtt: ms(110), rttvar: ms(27.5), backoffs: 0 });
});

test('a steady path is given 200 ms more than its round trip, as by Linux', () => {
  let estimate: RttEstimate = NO_RTT;
  for (let i = 0; i < 100; i++) estimate = withSample(estimate, ms(160));
  assert.is(retransmissionTimeout(estimate), ms(360));
});

test('fifteen doublings from 200 ms give up after 924.6 s (Linux, ip-sysctl, tcp_retries2)', () => {
  let estimate: RttEstimate = { srtt: ms(0), rttvar: ms(0), backoffs: 0 };
  let waited = 0;
  const waits: number[] = [];
  for (let retry = 0; retry <= 15; retry++) {
    waits.push(retransmissionTimeout(estimate) / 1e6);
    waited += retransmissionTimeout(estimate);
    estimate = withBackoff(estimate);
  }
  assert.is(waited / 1e9, 924.6);
  assert.equal(waits.slice(0, 5), [200, 400, 800, 1600, 3200]);
  assert.equal(waits.slice(-7), [102_400, 120_000, 120_000, 120_000, 120_000, 120_000, 120_000]);
});

test.run();
