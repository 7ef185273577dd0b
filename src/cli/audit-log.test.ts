import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import type { LedgerEntry } from '../planning/ledger.ts';
import { openAuditLog } from './audit-log.ts';
import { UsageError } from './exit-code.ts';

const test = suite('audit log');

const entry = (step: number): LedgerEntry => ({
  ...{ at: '2026-11-20T12:00:00.000Z', who: 'zoë@desk', plan: 'abc' },
  ...{ what: 'done', step, title: 'connect gva 1→2' },
});
const line = (step: number): string => `${JSON.stringify(entry(step))}\n`;

async function inFile(text: string, body: (file: string) => void | Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lightbed-audit-'));
  const file = join(folder, 'log.jsonl');
  writeFileSync(file, text);
  try {
    await body(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const stepsIn = (file: string): unknown[] =>
  openAuditLog(file)
    .entries()
    .map((one) => ('step' in one ? one.step : null));

test('a line that was cut off anywhere is left out, and the next one stands by itself', async () => {
  const torn = line(2).slice(0, -1);
  for (let length = 1; length < torn.length; length++) {
    await inFile(line(1) + torn.slice(0, length), async (file) => {
      assert.equal(stepsIn(file), [1]);
      await openAuditLog(file).append(entry(3));
      assert.is(readFileSync(file, 'utf8'), line(1) + line(3));
    });
  }
});

test('a last line that only wants its end counts, and is ended', () =>
  inFile(line(1) + line(2).trimEnd(), async (file) => {
    assert.equal(stepsIn(file), [1, 2]);
    await openAuditLog(file).append(entry(3));
    assert.is(readFileSync(file, 'utf8'), line(1) + line(2) + line(3));
  }));

test('a file of something else is refused with the line, and stays as it is', async () => {
  const others = [
    ['notes without an end', /:1: not an audit log: not JSON/],
    [`${line(1)}null\n`, /:2: not an audit log: /],
    [`${line(1)}{"at":"x","who":"y","plan":"z"}\n`, /:2: not an audit log: .*what/],
    [`${line(1)}{"a": 1}`, /:2: not an audit log: .*at/],
    [`{"at":"x\n${line(1)}`, /:1: not an audit log: not JSON/],
  ] as const;
  for (const [text, message] of others)
    await inFile(text, (file) => {
      assert.throws(
        () => openAuditLog(file),
        (error: unknown) => error instanceof UsageError && message.test(error.message),
      );
      assert.is(readFileSync(file, 'utf8'), text);
    });
});

test('to look at a log changes nothing of it', () =>
  inFile(line(1), (file) => {
    appendFileSync(file, '{"at":"20');
    openAuditLog(file);
    assert.is(readFileSync(file, 'utf8'), `${line(1)}{"at":"20`);
  }));

test.run();
