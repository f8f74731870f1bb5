import type { CellMeta, MetaValue, StimMeta } from "../../session.ts";

/** Indices of the entries whose value under a key equals another. */
export function indicesBy(
  metas: readonly (CellMeta | StimMeta)[],
  key: string,
  value: MetaValue | undefined,
): number[] {
  return metas.flatMap((meta, index) =>
    value !== undefined && Object.hasOwn(meta, key) && same(meta[key], value)
      ? [index]
      : []
  );
}

/**
 * Indices of the entries that satisfy a predicate. One that lacks a key which
 * the predicate reads is skipped; whatever else the predicate throws is thrown.
 */
export function indicesWhere<Meta extends CellMeta | StimMeta>(
  metas: readonly Meta[],
  predicate: (meta: Meta) => boolean,
): number[] {
  return metas.flatMap((meta, index) => meets(meta, predicate) ? [index] : []);
}

/** Thrown at the place where a predicate reads a key that is not there. */
class MissingKey extends ReferenceError {}

function meets<Meta extends CellMeta | StimMeta>(
  meta: Meta,
  predicate: (meta: Meta) => boolean,
): boolean {
  try {
    return predicate(new Proxy<Meta>(meta, STRICT));
  } catch (error) {
    if (error instanceof MissingKey) return false;
    throw error;
  }
}

/** Reading a missing key throws, and so does writing. */
const STRICT: ProxyHandler<object> = {
  get(meta, key): unknown {
    const value = Reflect.get(meta, key);
    // JSON.stringify asks for this name: no metadata key.
    if (value !== undefined || typeof key === "symbol" || key === "toJSON") {
      return value;
    }
    throw new MissingKey(`Cannot read metadata: ${key} is missing`);
  },
  defineProperty: () => false,
  deleteProperty: () => false,
};

function same(a: MetaValue | undefined, b: MetaValue | undefined): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((value, i) => same(value, b[i]));
}
