import { assert, suite } from '../../scripts/testing/suite.ts';
import { FileFormatError } from './errors.ts';
import { bareState, OVER_AMS, SCIENCE, siteWith } from './site.fixture.ts';
import { readSnapshot, snapshotText } from './snapshot.ts';

const test = suite('snapshots');

const site = siteWith(SCIENCE);
const state = bareState(site, OVER_AMS);

test('what is written is read again', () => {
  assert.equal(readSnapshot('s.json', snapshotText(state), site), state);
});

test('a snapshot that was changed is refused', () => {
  const text = snapshotText(state).replace('"output": "2"', '"output": "3"');
  assert.throws(
    () => readSnapshot('s.json', text, site),
    (error: Error) => error instanceof FileFormatError && /s\.json: changed since/.test(error.message),
  );
});

test('a snapshot of other devices is refused, with which', () => {
  const less = snapshotText({ ...state, devices: state.devices.slice(1) });
  assert.throws(() => readSnapshot('s.json', less, site), /of other devices: gva is not in it/);
  const moved = {
    ...state,
    devices: state.devices.map((one) => (one.device === 'gva' ? { ...one, address: '10.0.0.9' } : one)),
  };
  assert.throws(
    () => readSnapshot('s.json', snapshotText(moved), site),
    /its gva is a glimmerglass at 10\.0\.0\.9, the site's a glimmerglass at 10\.0\.0\.1/,
  );
  const smaller = { ...site, devices: site.devices.slice(1) };
  assert.throws(() => readSnapshot('s.json', snapshotText(state), smaller), /gva is not in the site/);
});

test('a file of something else is refused with what is wrong with it', () => {
  assert.throws(() => readSnapshot('s.json', '[]', site), /s\.json: not a snapshot: it has no hash/);
  assert.throws(() => readSnapshot('s.json', 'x', site), /s\.json: not a snapshot: not JSON/);
});

test.run();
