/**
 * Frees the memory of an array that nobody reads any more, at once. V8 frees it
 * at a collection, which starts when some 64 MB of such memory are dead, in each
 * thread.
 *
 * @param array View of a buffer that nothing else needs; it becomes empty.
 */
export function freeArray({ buffer }: ArrayBufferView): void {
  (buffer as ArrayBuffer).transfer(0);
}

/** A smaller array costs a collection less than to be freed by itself. */
const FREED_BYTES = 1 << 15;

/** {@linkcode freeArray} of those arrays that are worth it. */
export function freeArrays(arrays: readonly ArrayBufferView[]): void {
  for (const array of arrays) {
    if (array.buffer.byteLength >= FREED_BYTES) freeArray(array);
  }
}

const GIVERS = new WeakSet<object>();

/**
 * Marks a read whose caller gets the only reference to the arrays of each
 * result. An operator may then free them, since it knows that it called this
 * function and not one that a user has put around it.
 *
 * @returns The same function.
 */
export function givingAway<Read extends object>(read: Read): Read {
  GIVERS.add(read);
  return read;
}

/** Whether the caller of a read gets the only reference to its arrays. */
export function givesAway(read: object): boolean {
  return GIVERS.has(read);
}
