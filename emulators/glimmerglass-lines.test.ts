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
  inputPower: dbm(-6.4),
  outputPower: dbm(-7.98),
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

test('cross-connects of 2016 have 18 fields, two decimals, and NA where there is nothing', () => {
  assert.is(
    crossConnectLine(18, CONNECTED),
    'GGN:IPORTID=10001,IPORTGROUP=all-ports,IPORTNAME=1-in,IPORTCOMMENT=,INPWR=-6.40,OPORTID=20008,OPORTGROUP=all-ports,OPORTNAME=8-out,OPORTCOMMENT=,OUTPWR=-7.98,SIGBAND=1550,PWRLOSS=1.58,CONNID=0,CONNNAME=1-in,CONNSTATE=steady,CONNCAUSE=none,CONNLOCK=0,CONNLOCKUSER=admin',
  );
  assert.is(
    crossConnectLine(18, single('5', null, -49.37)),
    'GGN:IPORTID=10005,IPORTGROUP=all-ports,IPORTNAME=5-in,IPORTCOMMENT=,INPWR=-49.37,OPORTID=0,OPORTGROUP=,OPORTNAME=,OPORTCOMMENT=,OUTPWR=NA,SIGBAND=1550,PWRLOSS=NA,CONNID=0,CONNNAME=,CONNSTATE=single,CONNCAUSE=none,CONNLOCK=0,CONNLOCKUSER=',
  );
  assert.is(
    crossConnectLine(18, single(null, '1', -48.06)),
    'GGN:IPORTID=0,IPORTGROUP=,IPORTNAME=,IPORTCOMMENT=,INPWR=NA,OPORTID=20001,OPORTGROUP=all-ports,OPORTNAME=1-out,OPORTCOMMENT=,OUTPWR=-48.06,SIGBAND=1550,PWRLOSS=NA,CONNID=0,CONNNAME=,CONNSTATE=single,CONNCAUSE=none,CONNLOCK=0,CONNLOCKUSER=',
  );
});

test('cross-connects of 2005 have 12 fields, three decimals, and zero where there is nothing', () => {
  assert.is(
    crossConnectLine(12, single('1', null, -48.271)),
    'GGN:IPORTID=10001,IPORTNAME=,OPORTID=0,OPORTNAME=,CONNID=0,CONNSTATE=single,CONNCAUSE=none,INPWR=-48.271,OUTPWR=0.000,PWRLOSS=0.000,CONNLOCK=0,CONNLOCKUSER=',
  );
  const faulty: CrossConnectState = {
    input: '2',
    output: '15',
    inputPower: dbm(-48.703),
    outputPower: dbm(-49.593),
    state: 'fault',
    cause: 'initial_connection_timer_expired',
    user: 'admin',
  };
  assert.is(
    crossConnectLine(12, faulty),
    'GGN:IPORTID=10002,IPORTNAME=,OPORTID=20015,OPORTNAME=,CONNID=0,CONNSTATE=fault,CONNCAUSE=initial_connection_timer_expired,INPWR=-48.703,OUTPWR=-49.593,PWRLOSS=0.890,CONNLOCK=0,CONNLOCKUSER=',
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
  assert.is(powerLine(12, '3', 'in', dbm(-2.317)), 'GGN:PORTID=10003,PORTPOWER=-2.317');
  assert.is(powerLine(18, '12', 'out', dbm(-7.982)), 'GGN:PORTID=20012,PORTNAME=12-out,PORTPOWER=-7.98');
});

test('port configuration has the fields of its release', () => {
  assert.is(
    configurationLine(18, '30', 'in'),
    'GGN:PORTID=10030,PORTGROUP=all-ports,PORTNAME=30-in,SIGBAND=1550,SIGTHRESH=1550,PORTHEALTH=ok,PORTCAT=nor,PORTCOMMENT=,STMINSEV=MN,STMAXSEV=CR',
  );
  assert.is(
    configurationLine(18, '1', 'out'),
    'GGN:PORTID=20001,PORTGROUP=all-ports,PORTNAME=1-out,SIGBAND=1550,SIGTHRESH=1550,PORTHEALTH=ok,PORTCAT=nor,PORTCOMMENT=,STMINSEV=MN,STMAXSEV=CR,CSFLTSEV=MJ',
  );
  assert.is(
    configurationLine(12, '17', 'in'),
    'GGN:PORTID=10017,PORTNAME=,PORTDIR=input,PORTHEALTH=ok,PORTCAT=nor,PORTPRIV=0x1',
  );
});

test.run();
