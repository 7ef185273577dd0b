// A device of 320 ports that answers at once what its emulator answered once before: what a driver then takes for a
// listing is its own time, and that of its session, on bytes of the real form.

import type { SwitchProfile } from '../../emulators/device/profile.ts';
import { type FamilyName, families } from '../../emulators/families.ts';
import { deviceBench } from '../../emulators/testing/device-bench.fixture.ts';
import { Mailbox } from '../../src/core/mailbox.ts';
import { seconds, ZERO } from '../../src/core/time.ts';
import type { Address, Connection, Network } from '../../src/platform/platform.ts';
import { formatCommand, parseCommand } from '../../src/tl1/command.ts';
import { Tl1CommandFramer } from '../../src/tl1/framing.ts';
import { encodeLatin1 } from '../../src/tl1/latin1.ts';

const CTAG = 'CANNED';
const ADDRESS: Address = { machine: 'bench', tcpPort: 3082 };

export interface CannedDevice {
  readonly network: Pick<Network, 'connect'>;
  readonly address: Address;
  /** Sent since the last call. */
  takeBytes(): number;
}

/** Every port is lit and connected both ways with its neighbour. */
export async function cannedDevice(family: FamilyName, portCount: number): Promise<CannedDevice> {
  const quick = { commandTime: ZERO, switchingTime: ZERO, partGap: ZERO };
  const options = { family, ports: portCount, lit: portCount, profile: quick };
  const bench = await deviceBench<SwitchProfile>(options);
  const { ports } = bench.optics;
  for (const [i, port] of ports.entries()) bench.optics.connect(port, ports[i ^ 1] ?? port);
  // Controllers take over what their mirrors hold.
  await bench.restart();
  const client = await bench.open(families[family].tcpPort);
  const answers = new Map<string, string>();
  let sent = 0;
  const answer = async (text: string): Promise<Uint8Array> => {
    const parsed = parseCommand(text);
    if (parsed.kind === 'malformed') throw new Error(parsed.reason);
    const { ctag } = parsed.command;
    const question = formatCommand({ ...parsed.command, ctag: CTAG });
    const known = answers.get(question) ?? (await bench.ask(client, question, seconds(60)));
    answers.set(question, known);
    const bytes = encodeLatin1(known.replaceAll(` ${CTAG} `, ` ${ctag} `));
    sent += bytes.length;
    return bytes;
  };
  const takeBytes = (): number => {
    const taken = sent;
    sent = 0;
    return taken;
  };
  const network = { connect: () => Promise.resolve(connectionTo(answer)) };
  return { network, address: ADDRESS, takeBytes };
}

function connectionTo(answer: (command: string) => Promise<Uint8Array>): Connection {
  const said = new Mailbox<Uint8Array>(Number.POSITIVE_INFINITY);
  const framer = new Tl1CommandFramer();
  said.offer(encodeLatin1('\r\n<'));
  return {
    local: { machine: 'bench', tcpPort: 1 },
    remote: ADDRESS,
    read: () => said.take(),
    write: async (chunk) => {
      for (const command of framer.push(chunk as Uint8Array)) said.offer(await answer(command));
    },
    end: async () => said.close(),
    abort: () => said.close(),
  };
}
