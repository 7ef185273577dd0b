import { assert, suite } from '../scripts/testing/suite.ts';
import { dbm } from '../src/core/quantity.ts';
import {
  type CrossConnectState,
  configurationLine,
  crossConnectLine,
  powerLine,
} from './glimmerglass-lines.ts';

const test = suite('glimmerglass lines');

const CONNECTED: CrossConnectState = {
  input: '1',
  output: '8',
  inputPower: dbm(-12.05),
  outputPower: dbm(-13.63),
  state: 'steady',
  cause: 'none',
  user: 'admin',
};
const single = (input: string | null, output: string | null, power: number): CrossConnectState => ({
  input,
  output,
  inputPower: dbm(power),
  outputPower: dbm(power),
  state: 'single',
  cause: 'none',
  user: '',
});

test('cross-connects read as a 48-port box wrote them in 2016', () => {
  assert.is(
    crossConnectLine(18, CONNECTED),
    'GGN:IPORTID=10001,IPORTGROUP=OpenGroup,IPORTNAME=IN1,IPORTCOMMENT=,INPWR=-12.05,OPORTID=20008,OPORTGROUP=OpenGroup,OPORTNAME=OUT8,OPORTCOMMENT=,OUTPWR=-13.63,SIGBAND=1550,PWRLOSS=1.58,CONNID=0,CONNNAME=IN1,CONNSTATE=steady,CONNCAUSE=none,CONNLOCK=0,CONNLOCKUSER=admin',
  );
  assert.is(
    crossConnectLine(18, single('5', null, -50.66)),
    'GGN:IPORTID=10005,IPORTGROUP=OpenGroup,IPORTNAME=IN5,IPORTCOMMENT=,INPWR=-50.66,OPORTID=0,OPORTGROUP=,OPORTNAME=,OPORTCOMMENT=,OUTPWR=NA,SIGBAND=1550,PWRLOSS=NA,CONNID=0,CONNNAME=,CONNSTATE=single,CONNCAUSE=none,CONNLOCK=0,CONNLOCKUSER=',
  );
  assert.is(
    crossConnectLine(18, single(null, '1', -51.85)),
    'GGN:IPORTID=0,IPORTGROUP=,IPORTNAME=,IPORTCOMMENT=,INPWR=NA,OPORTID=20001,OPORTGROUP=OpenGroup,OPORTNAME=OUT1,OPORTCOMMENT=,OUTPWR=-51.85,SIGBAND=1550,PWRLOSS=NA,CONNID=0,CONNNAME=,CONNSTATE=single,CONNCAUSE=none,CONNLOCK=0,CONNLOCKUSER=',
  );
});

test('cross-connects read as MonALISA found them in 2005', () => {
  assert.is(
    crossConnectLine(12, single('1', null, -49.162)),
    'GGN:IPORTID=10001,IPORTNAME=,OPORTID=0,OPORTNAME=,CONNID=0,CONNSTATE=single,CONNCAUSE=none,INPWR=-49.162,OUTPWR=0.000,PWRLOSS=0.000,CONNLOCK=0,CONNLOCKUSER=',
  );
  const faulty: CrossConnectState = {
    input: '2',
    output: '15',
    inputPower: dbm(-48.549),
    outputPower: dbm(-49.385), // the sample's powers do not differ by its loss of 0.836: its dark monitors are noisy
    state: 'fault',
    cause: 'initial_connection_timer_expired',
    user: 'admin',
  };
  assert.is(
    crossConnectLine(12, faulty),
    'GGN:IPORTID=10002,IPORTNAME=,OPORTID=20015,OPORTNAME=,CONNID=0,CONNSTATE=fault,CONNCAUSE=initial_connection_timer_expired,INPWR=-48.549,OUTPWR=-49.385,PWRLOSS=0.836,CONNLOCK=0,CONNLOCKUSER=',
  );
});

test('the layout between has its 15 fields in their order', () => {
  const names = crossConnectLine(15, CONNECTED)
    .slice('GGN:'.length)
    .split(',')
    .map((field) => field.split('=')[0]);
  assert.equal(
    names.join(' '),
    'IPORTID IPORTNAME IPORTCOMMENT OPORTID OPORTNAME OPORTCOMMENT INPWR OUTPWR PWRLOSS CONNID CONNNAME CONNSTATE CONNCAUSE CONNLOCK CONNLOCKUSER',
  );
});

test('power is the last field of its line, with the decimals of the release', () => {
  assert.is(powerLine(12, '3', 'in', dbm(-0.951)), 'GGN:PORTID=10003,PORTPOWER=-0.951');
  assert.is(powerLine(18, '12', 'out', dbm(-13.628)), 'GGN:PORTID=20012,PORTNAME=OUT12,PORTPOWER=-13.63');
});

test('port configuration reads as in the samples', () => {
  assert.is(
    configurationLine(18, '48', 'in'),
    'GGN:PORTID=10048,PORTGROUP=OpenGroup,PORTNAME=IN48,SIGBAND=1550,SIGTHRESH=1550,PORTHEALTH=good,PORTCAT=nor,PORTCOMMENT=,STMINSEV=DI,STMAXSEV=DI',
  );
  assert.is(
    configurationLine(18, '1', 'out'),
    'GGN:PORTID=20001,PORTGROUP=OpenGroup,PORTNAME=OUT1,SIGBAND=1550,SIGTHRESH=1550,PORTHEALTH=good,PORTCAT=nor,PORTCOMMENT=,STMINSEV=DI,STMAXSEV=DI,CSFLTSEV=CR',
  );
  assert.is(
    configurationLine(12, '65', 'in'),
    'GGN:PORTID=10065,PORTNAME=,PORTDIR=input,PORTHEALTH=good,PORTCAT=nor,PORTPRIV=0x1',
  );
});

test.run();
