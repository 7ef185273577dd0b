// How an agent tells the others of its part of the topology: all of it, or what has changed since.

import * as v from 'valibot';
import { BACKUP_RISKS } from './backup-risks.ts';
import { AGENT_ADDRESS, NAME, NAME_LENGTH_MAX, WHOLE } from './message-fields.ts';

const far = v.variant('kind', [
  v.strictObject({ kind: v.literal('switch'), switchName: NAME, port: NAME }),
  v.strictObject({ kind: v.literal('terminal'), terminal: NAME }),
]);
const announcedPort = v.strictObject({
  port: NAME,
  fibre: NAME,
  far,
  /** Weight in path computation: the operator's cost, else metres. */
  weight: v.pipe(v.number(), v.minValue(0)),
  length: v.pipe(v.number(), v.minValue(0)),
  /** Of the fibre from end to end, dB. */
  loss: v.optional(v.pipe(v.number(), v.minValue(0))),
  /** What the fibre shares its fate with. */
  srlg: v.optional(v.array(NAME)),
  /** What ports of one kind have in common. */
  portType: v.optional(NAME),
  /** At the terminal at its other end, dBm. */
  transceiver: v.optional(v.strictObject({ power: v.number(), sensitivity: v.number() })),
  state: v.picklist(['free', 'held', 'foreign', 'unread']),
  holder: v.nullable(NAME),
  /** Of the path that holds it: whom to ask for it, and who may. */
  keeper: v.exactOptional(v.strictObject({ coordinator: NAME, priority: WHOLE })),
  /** Not connected yet, but prepared for the backup of the path that holds it: it is no lock that will soon be gone. */
  isBackup: v.exactOptional(v.literal(true)),
  /** In maintenance: no path is to come here, and those that are here are to leave. */
  isOut: v.exactOptional(v.literal(true)),
  /** Kept for no other path than these, each of which may come to need it. */
  backups: v.exactOptional(v.array(v.strictObject({ path: NAME, risks: BACKUP_RISKS }))),
});
/** What changes of a port while its agent lives. */
export const PORT_CHANGE = v.strictObject({
  port: NAME,
  state: announcedPort.entries.state,
  holder: announcedPort.entries.holder,
  keeper: announcedPort.entries.keeper,
  isBackup: announcedPort.entries.isBackup,
  isOut: announcedPort.entries.isOut,
  backups: announcedPort.entries.backups,
});

const AS_IT_IS = v.any();
const PLAIN_KEYS: readonly string[] = ['port', 'state', 'holder', 'keeper'];
const STATES: readonly unknown[] = announcedPort.entries.state.options;

/**
 * Whether it is a change as nearly all are, which needs no further check: each agent hears each several times, and to have the
 * schema look through it takes longer than all that is done about it.
 */
export function isPlainChange(input: unknown): boolean {
  if (!isRecord(input) || !Object.keys(input).every((key) => PLAIN_KEYS.includes(key))) return false;
  const { port, state, holder } = input;
  if (!isName(port) || !STATES.includes(state) || !(holder === null || isName(holder))) return false;
  if (!('keeper' in input)) return true;
  const { keeper } = input;
  if (!isRecord(keeper) || Object.keys(keeper).length !== 2) return false;
  const { coordinator, priority } = keeper;
  return isName(coordinator) && Number.isSafeInteger(priority) && (priority as number) >= 0;
}

const isRecord = (input: unknown): input is Record<string, unknown> =>
  typeof input === 'object' && input !== null;

const isName = (input: unknown): boolean =>
  typeof input === 'string' && input.length >= 1 && input.length <= NAME_LENGTH_MAX;

export const ANNOUNCEMENT = v.strictObject({
  switchName: NAME,
  boot: WHOLE,
  /** Counts what the agent has announced in this life, changes too. */
  sequence: WHOLE,
  /** Where others can dial it. */
  at: v.exactOptional(AGENT_ADDRESS),
  /** Which part of it this is, from 0 on, of how many; absent: it is whole. */
  part: v.exactOptional(v.tuple([WHOLE, WHOLE])),
  /** How long ago its agent was heard, by whoever passes it on, ns. */
  age: v.exactOptional(WHOLE),
  /** Of a cross-connect, dB. */
  insertionLoss: v.optional(v.pipe(v.number(), v.minValue(0))),
  ports: v.array(announcedPort),
});

/** What has become of ports since the announcement or change of that number; of none: all is as it was. */
export const CHANGES = v.strictObject({
  switchName: NAME,
  boot: WHOLE,
  since: WHOLE,
  sequence: WHOLE,
  ports: v.array(
    v.lazy((input): v.GenericSchema<unknown, PortChange> => (isPlainChange(input) ? AS_IT_IS : PORT_CHANGE)),
  ),
});

export type Far = v.InferOutput<typeof far>;
export type AnnouncedPort = v.InferOutput<typeof announcedPort>;
export type Announcement = v.InferOutput<typeof ANNOUNCEMENT>;
export type PortChange = v.InferOutput<typeof PORT_CHANGE>;
export type PortChanges = v.InferOutput<typeof CHANGES>;
