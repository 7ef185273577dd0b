// Date and time as TL1 headers write them, from a wall clock, in UTC. Days to a civil date after H. Hinnant,
// "chrono-compatible low-level date algorithms".

import type { WallTime } from '../core/time.ts';

const DAY_SECONDS = 86_400;

/** YY-MM-DD and HH:MM:SS of a header. */
export function headerTime(wall: WallTime): { date: string; time: string } {
  const seconds = Number(wall / 1_000_000_000n);
  const days = Math.floor(seconds / DAY_SECONDS);
  const [year, month, day] = civil(days);
  const rest = seconds - days * DAY_SECONDS;
  const time = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map(two).join(':');
  return { date: `${two(year % 100)}-${two(month)}-${two(day)}`, time };
}

const two = (n: number): string => String(n).padStart(2, '0');

function civil(days: number): [year: number, month: number, day: number] {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365,
  );
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return [yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - Math.floor((153 * mp + 2) / 5) + 1];
}
