/**
 * A zip of empty stored files `f00000`, `f00001`, ..., without Zip64: beyond
 * 65,535 its count wraps, as old programs wrote it.
 */
export function manyEmptyFiles(count: number): Uint8Array {
  const nameLength = 6;
  const local = 30 + nameLength;
  const central = 46 + nameLength;
  const bytes = new Uint8Array(count * (local + central) + 22);
  const view = new DataView(bytes.buffer);
  const directory = count * local;
  for (let i = 0; i < count; i++) {
    const name = new TextEncoder().encode(`f${String(i).padStart(5, "0")}`);
    view.setUint32(i * local, 0x04034b50, true);
    view.setUint16(i * local + 26, nameLength, true);
    bytes.set(name, i * local + 30);
    const at = directory + i * central;
    view.setUint32(at, 0x02014b50, true);
    view.setUint16(at + 28, nameLength, true);
    view.setUint32(at + 42, i * local, true);
    bytes.set(name, at + 46);
  }
  const end = bytes.length - 22;
  view.setUint32(end, 0x06054b50, true);
  view.setUint16(end + 8, count, true);
  view.setUint16(end + 10, count, true);
  view.setUint32(end + 12, count * central, true);
  view.setUint32(end + 16, directory, true);
  return bytes;
}
