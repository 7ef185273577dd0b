// A plan, as its file holds it: the state that it was made for, each command with its undo, and what is predicted of
// time, light and cuts. Sealed: it is applied as it is, or not at all.

import * as v from 'valibot';
import { SWITCH_FAMILIES, type SwitchFamily } from '../optical/families.ts';
import { FileFormatError } from './errors.ts';
import { crossConnectSchema, type ListedCrossConnect, networkStateSchema } from './network-state.ts';
import { openSealed, sealedText, sealOf } from './sealed-file.ts';
import type { SiteCrossConnect } from './site.ts';
import { requestOfText } from './tl1-text.ts';

const FORMAT = 'lightbed plan 1';
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const stepSchema = v.strictObject({
  /** From 1. */
  number: count,
  change: v.string(),
  device: v.string(),
  action: v.picklist(['connect', 'disconnect']),
  input: v.string(),
  output: v.string(),
  way: v.picklist(['one', 'two']),
  /** Word for word, with `{ctag}` where the CTAG stands. */
  commands: v.array(v.strictObject({ text: v.string(), predicted_ms: v.number() })),
  /** In the order in which they are sent to take the step back. */
  undo: v.array(v.string()),
  removes: v.array(crossConnectSchema),
  makes: v.array(crossConnectSchema),
  /** What leaves at ports once the change that ends with this step is made. */
  light: v.array(v.strictObject({ device: v.string(), port: v.string(), out_dbm: v.number() })),
  /** With the read-back. */
  predicted_ms: v.number(),
});

const routeSchema = v.strictObject({
  fibres: v.array(v.string()),
  length_m: v.number(),
  loss_db: v.number(),
  receivers: v.array(
    v.strictObject({
      host: v.string(),
      /** Launch power less what is lost on the way. */
      budget_dbm: v.number(),
      /** What comes on the twin. */
      twin_dbm: v.number(),
      sensitivity_dbm: v.number(),
    }),
  ),
});

const pathSchema = v.strictObject({
  path: v.string(),
  is_meant: v.boolean(),
  before: v.nullable(routeSchema),
  after: v.nullable(routeSchema),
  /** Numbers of the steps that act on what the path uses. */
  touched_by: v.array(count),
  /** Spells without light on the twin; no end: to the end of the plan. */
  dark: v.array(v.strictObject({ host: v.string(), from_ms: v.number(), for_ms: v.nullable(v.number()) })),
});

const cutSchema = v.strictObject({
  fibre: v.string(),
  lost: v.array(
    v.strictObject({
      path: v.string(),
      other_way: v.nullable(v.array(v.string())),
      reason: v.nullable(v.string()),
    }),
  ),
});

const planSchema = v.strictObject({
  format: v.literal(FORMAT),
  lightbed: v.string(),
  made_at: v.string(),
  made_by: v.string(),
  site: v.string(),
  from: v.picklist(['live', 'snapshot']),
  power_tolerance_db: v.pipe(v.number(), v.minValue(0)),
  devices: v.array(
    v.strictObject({
      device: v.string(),
      family: v.picklist(Object.keys(SWITCH_FAMILIES) as SwitchFamily[]),
      address: v.string(),
      tid: v.nullable(v.string()),
      quote_password: v.boolean(),
      /** Path of the file that has them, if there is one. */
      credentials: v.nullable(v.string()),
    }),
  ),
  steps: v.array(stepSchema),
  predicted_ms: v.number(),
  paths: v.array(pathSchema),
  cuts: v.array(cutSchema),
  warnings: v.array(v.string()),
  state: networkStateSchema,
});

export type Plan = v.InferOutput<typeof planSchema>;
export type PlanStep = v.InferOutput<typeof stepSchema>;
export type PathForecast = v.InferOutput<typeof pathSchema>;
export type RouteForecast = v.InferOutput<typeof routeSchema>;
export type CutForecast = v.InferOutput<typeof cutSchema>;
export type PlanContent = Omit<Plan, 'format'>;

/** In the order of the schema, so that what is read again has the same hash. */
export const draftPlan = (content: PlanContent): Plan => v.parse(planSchema, { format: FORMAT, ...content });

export const planText = (plan: Plan): string => sealedText(plan);

/** Names the plan in logs. */
export const planHash = (plan: Plan): string => sealOf(plan);

/** Throws `FileFormatError`. */
export function readPlan(file: string, text: string): Plan {
  const plan = openSealed(file, text, 'a plan', planSchema);
  const wrong = problemOf(plan);
  if (wrong !== null) throw new FileFormatError(`${file}: not a plan: ${wrong}`);
  return plan;
}

/** What no plan of ours has: its steps count from 1, and the state is that of its devices. */
function problemOf({ devices, state, steps }: Plan): string | null {
  const names = devices.map(({ device }) => device);
  const double = names.find((name, i) => names.indexOf(name) !== i);
  if (double !== undefined) return `two devices are named ${double}`;
  const known = state.devices.map(({ device }) => device);
  if (known.join() !== names.join())
    return `its state is of ${known.join(', ') || 'nothing'}, not of its devices`;
  for (const [i, step] of steps.entries()) {
    const which = `step ${step.number}`;
    if (step.number !== i + 1) return `${which} stands where step ${i + 1} should`;
    if (!names.includes(step.device)) return `${which}: unknown device ${step.device}`;
    try {
      for (const word of [...step.commands.map((command) => command.text), ...step.undo]) requestOfText(word);
    } catch (error) {
      if (!(error instanceof FileFormatError)) throw error;
      return `${which}: ${error.message}`;
    }
  }
  return null;
}

/** What a device lists when these steps are in place. */
export function crossConnectsAfter(
  plan: Plan,
  device: string,
  isInPlace: (step: number) => boolean,
): ListedCrossConnect[] {
  let list = plan.state.devices.find((state) => state.device === device)?.cross_connects ?? [];
  for (const step of plan.steps) {
    if (step.device !== device || !isInPlace(step.number)) continue;
    const gone = new Set(step.removes.map(keyOf));
    list = [...list.filter((one) => !gone.has(keyOf(one))), ...step.makes];
  }
  return list;
}

export const keyOf = ({ input, output, connection }: ListedCrossConnect): string =>
  `${input} ${output} ${connection ?? ''}`;

export const stepTitle = ({
  action,
  device,
  input,
  output,
  way,
}: SiteCrossConnect & { readonly action: string }): string =>
  `${action} ${device} ${input}${way === 'two' ? '↔' : '→'}${output}`;
