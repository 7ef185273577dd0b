// Where a node is, as files have it: two numbers or their digits, or nothing.

import type { Place } from './network-map.ts';

type Written = string | number | null | undefined;

/** To be spread into a node: empty unless both are there and are numbers. */
export function placeOf(latitude: Written, longitude: Written): { readonly place?: Place } {
  const place = { latitude: degrees(latitude), longitude: degrees(longitude) };
  return Number.isFinite(place.latitude) && Number.isFinite(place.longitude) ? { place } : {};
}

const degrees = (written: Written): number =>
  written === undefined || written === null || written === '' ? Number.NaN : Number(written);
