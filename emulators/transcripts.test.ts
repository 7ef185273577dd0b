// The emulated devices against the transcripts that the drivers are held to as well (src/optical/transcripts/*-both.txt):
// two ports, light at the first input, and each command is answered to the letter.

import { readFileSync } from 'node:fs';
import { assert, suite } from '../scripts/testing/suite.ts';
import { ms, ZERO } from '../src/core/time.ts';
import type { SwitchProfile } from './device/profile.ts';
import { type FamilyName, families } from './families.ts';
import { deviceBench } from './testing/device-bench.fixture.ts';

const test = suite('emulated devices against transcripts');

interface Step {
  readonly command: string;
  readonly answer: string[];
}

/** What the device says at first, and each command with its answer. */
function stepsOf(transcript: string): Step[] {
  const steps: Step[] = [{ command: '', answer: [] }];
  for (const line of transcript.split('\n')) {
    if (line.startsWith('> ')) steps.push({ command: line.slice(2), answer: [] });
    else if (line.startsWith('< ')) steps.at(-1)?.answer.push(line.slice(2));
  }
  return steps;
}

/** Without blank lines, blanks at the ends of lines, and terminal escapes. */
const linesOf = (said: string): string[] =>
  said
    .replace(/\x1b[[(][0-9;?]*[A-Za-z]/g, '')
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');

for (const family of Object.keys(families) as FamilyName[]) {
  test(`${family}: it answers as the transcript has it`, async () => {
    const steps = stepsOf(readFileSync(`src/optical/transcripts/${family}-both.txt`, 'utf8'));
    const users = [{ user: 'op', password: 'pw' }];
    const profile = { sid: 'GVA', users, commandTime: ZERO, switchingTime: ZERO };
    const bench = await deviceBench<SwitchProfile>({ family, ports: 2, lit: 1, profile });
    const client = bench.network.client(families[family].tcpPort);
    for (const [i, { command, answer }] of steps.entries()) {
      const tagged = (text: string): string => text.replaceAll('{ctag}', `t${i}`);
      const said = await bench.ask(client, tagged(command), ms(5));
      assert.equal(linesOf(said), answer.map(tagged), command);
    }
    assert.ok(steps.length > 8);
  });
}

test.run();
