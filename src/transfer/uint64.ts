// Whole numbers up to 2^53 in eight bytes, big-endian: without `BigInt`, which costs an allocation a block.

const TWO_32 = 0x100000000;

export function setUint64(view: DataView, at: number, value: number): void {
  view.setUint32(at, Math.floor(value / TWO_32));
  view.setUint32(at + 4, value % TWO_32);
}

/** Not exact above 2^53: the caller checks. */
export const getUint64 = (view: DataView, at: number): number =>
  view.getUint32(at) * TWO_32 + view.getUint32(at + 4);
