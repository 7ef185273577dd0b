// The control connection of a running laboratory: one JSON object a line each way, over the loopback interface
// only. Whatever is not a request ends the connection, so a browser that is made to post there does nothing.

import * as v from 'valibot';
import { type Duration, seconds } from '../core/time.ts';
import { materialise } from '../platform/chunk.ts';
import { NetworkError } from '../platform/errors.ts';
import { formatLine, LineFramer, parseLine } from '../platform/json-lines.ts';
import type { Address, Connection, Listener, Platform } from '../platform/platform.ts';
import { act, type ControlRequest, controlRequest, type Outcome } from './emulate-actions.ts';
import type { Lab } from './emulate-lab.ts';
import { UsageError } from './exit-code.ts';

/** A request is a few names; an answer may list every port of a large laboratory. */
const REQUEST_BYTES_MAX = 16 * 1024;
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
const CONNECTIONS_MAX = 16;
/** A connection without a request for so long is closed. */
const IDLE_LIMIT = seconds(60);
const ANSWER_LIMIT: Duration = seconds(10);

const controlAnswer = v.variant('ok', [
  v.strictObject({ ok: v.literal(true), text: v.string(), data: v.unknown() }),
  v.strictObject({ ok: v.literal(false), error: v.string() }),
]);

type ControlAnswer = v.InferOutput<typeof controlAnswer>;

type Parts = Pick<Platform, 'clock' | 'network'>;

const fault = (expected: string, found: string): UsageError =>
  new UsageError(`${expected}, got ${found.slice(0, 100)}`);

/** Serves until the listener is closed; connections that are open then are the process's to end. */
export function serveControl(platform: Parts, tcpPort: number, lab: Lab): Promise<Listener> {
  let open = 0;
  return platform.network.listen(tcpPort, (connection) => {
    if (open >= CONNECTIONS_MAX) return connection.abort();
    open++;
    void serve(platform, connection, lab).finally(() => open--);
  });
}

async function serve({ clock }: Parts, connection: Connection, lab: Lab): Promise<void> {
  const framer = new LineFramer(REQUEST_BYTES_MAX, fault);
  try {
    for (;;) {
      const idle = clock.timer(IDLE_LIMIT, () => connection.abort());
      const chunk = await connection.read().finally(() => idle.cancel());
      if (chunk === null) return await connection.end();
      for (const line of framer.push(materialise(chunk))) {
        const request = parseLine(controlRequest, line, fault);
        await connection.write(formatLine(await answerTo(lab, request)));
      }
    }
  } catch (error) {
    if (error instanceof UsageError) await refuse(connection, error.message);
    else if (!(error instanceof NetworkError)) throw error;
  }
}

/** Not a request: says so, and hears no more. */
async function refuse(connection: Connection, error: string): Promise<void> {
  await connection.write(formatLine({ ok: false, error } satisfies ControlAnswer)).catch(() => {});
  await connection.end().catch(() => {});
}

async function answerTo(lab: Lab, request: ControlRequest): Promise<ControlAnswer> {
  try {
    return { ok: true, ...(await act(lab, request)) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { ok: false, error: error.message };
  }
}

/** Asks a running laboratory. Throws `UsageError` for what it refuses, and when nothing answers. */
export async function askControl(
  { clock, network }: Parts,
  to: Address,
  request: ControlRequest,
): Promise<Outcome> {
  const giveUp = new AbortController();
  let connection: Connection | null = null;
  const limit = clock.timer(ANSWER_LIMIT, () => {
    giveUp.abort();
    connection?.abort();
  });
  try {
    connection = await network.connect(to, giveUp.signal);
    await connection.write(formatLine(request));
    return await outcomeFrom(connection);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`no emulator answers at ${to.machine}:${to.tcpPort}`);
  } finally {
    limit.cancel();
    connection?.abort();
  }
}

async function outcomeFrom(connection: Connection): Promise<Outcome> {
  const framer = new LineFramer(ANSWER_BYTES_MAX, fault);
  for (let chunk = await connection.read(); chunk !== null; chunk = await connection.read()) {
    const [line] = framer.push(materialise(chunk));
    if (line === undefined) continue;
    const answer = parseLine(controlAnswer, line, fault);
    if (!answer.ok) throw new UsageError(answer.error);
    return answer;
  }
  throw new UsageError('the emulator closed the connection without an answer');
}
