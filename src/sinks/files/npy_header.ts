/**
 * The header of a `.npy` file of little-endian float32 in C order.
 *
 * Source: NumPy 1.24, `numpy.lib.format`, "Format Version 1.0".
 */
export function npyHeader(shape: readonly number[]): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (${axes}), }`;
  // With magic, version and length, a whole number of 64 bytes.
  const length = Math.ceil((10 + head.length + 1) / 64) * 64 - 10;
  const text = head.padEnd(length - 1) + "\n";
  const out = new Uint8Array(10 + length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(out.buffer).setUint16(8, length, true);
  new TextEncoder().encodeInto(text, out.subarray(10));
  return out;
}
