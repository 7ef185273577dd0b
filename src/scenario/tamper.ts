// What stands between the agents of a run and their machines and switches, for whoever plants a defect to see whether
// the checkers find it. The programs themselves stay as they are.

import type { OpticalSwitch } from '../optical/switch.ts';
import type { Platform } from '../platform/platform.ts';

export interface Tamper {
  platform(platform: Platform): Platform;
  device(device: OpticalSwitch): OpticalSwitch;
}
