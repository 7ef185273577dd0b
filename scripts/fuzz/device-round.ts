// One round against a device: several clients at once that say nearly the right thing in any pieces, read or do not,
// and leave when they like, while light comes and goes and the device restarts. It must serve the next one.

import { assert } from '../../src/core/assert.ts';
import { ms } from '../../src/core/time.ts';
import { NetworkError } from '../../src/platform/errors.ts';
import type { Connection, Platform, Random } from '../../src/platform/platform.ts';
import { type Laboratory, laboratory, mustServe, mustWaitForNoMore, SETTLING } from './laboratory.ts';
import { chance, mutated, noise, pick, pieces } from './mutation.ts';

const CLIENTS = 4;
const WORDS_MAX = 14;
const DISTURBANCES = 6;

export async function deviceRound(random: Random): Promise<void> {
  const lab = laboratory(random, ['client', 'judge']);
  const { world, drive } = lab.small;
  const client = world.machine('client');
  const judge = world.machine('judge');
  await drive(async () => {
    await judge.run(({ clock }) => clock.sleep(SETTLING));
    const before = world.waits.list();
    await client.run(async (platform) => {
      const work = Array.from({ length: CLIENTS }, (_, i) =>
        pester(lab, platform, random.fork(`client/${i}`)),
      );
      await Promise.all([...work, disturb(lab, platform, random.fork('disturbance'))]);
      await platform.clock.sleep(SETTLING);
    });
    mustWaitForNoMore(lab, before);
    await mustServe(lab, judge);
  });
}

/** One client, from its connection to its end. */
async function pester(lab: Laboratory, { clock, network }: Platform, random: Random): Promise<void> {
  await clock.sleep(ms(random.integer(100)));
  let connection: Connection;
  try {
    connection = await network.connect(lab.address);
  } catch (error) {
    return mustBeOfTheNetwork(error);
  }
  const reading = chance(random, 0.7) ? readAll(connection) : Promise.resolve();
  try {
    for (let left = random.integer(WORDS_MAX); left > 0; left--) {
      for (const piece of pieces(random, word(lab, random))) await connection.write(piece);
      if (chance(random, 0.5)) await clock.sleep(ms(random.integer(60)));
    }
    if (chance(random, 0.5)) await connection.end();
    await clock.sleep(ms(random.integer(500)));
  } catch (error) {
    mustBeOfTheNetwork(error);
  }
  connection.abort();
  await reading;
}

function word(lab: Laboratory, random: Random): string {
  if (chance(random, 0.1)) return noise(random, 300);
  const good = pick(random, lab.commands);
  return chance(random, 0.5) ? good : mutated(random, good);
}

async function readAll(connection: Connection): Promise<void> {
  try {
    while ((await connection.read()) !== null);
  } catch (error) {
    mustBeOfTheNetwork(error);
  }
}

async function disturb(lab: Laboratory, { clock }: Platform, random: Random): Promise<void> {
  for (let left = DISTURBANCES; left > 0; left--) {
    await clock.sleep(ms(random.integer(120)));
    lab.disturb(random);
    if (chance(random, 0.2)) lab.restarts.restart(ms(random.integer(100)));
  }
}

export function mustBeOfTheNetwork(error: unknown): void {
  assert(error instanceof NetworkError, () => String(error instanceof Error ? error.stack : error));
}
