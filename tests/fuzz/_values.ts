import fc from "fast-check";

/** Numbers at which sizes, rates and times go wrong. */
const NUMBERS: readonly number[] = [
  ...[0, -0, 1, -1, 0.5, 2, 7, 32, 100, 1e3, 4096, 1e5, 1e6, 1e7],
  ...[2 ** 20, 2 ** 28, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 64],
  ...[1e9, 1e12, 1e19, 1e38, 1e39, 1e300, -1e300, Number.MAX_VALUE],
  ...[1e-9, 1e-300, Number.MIN_VALUE, NaN, Infinity, -Infinity],
];

/** Texts at which names, lists and patterns go wrong. */
const TEXTS: readonly string[] = [
  ...["", " ", "0", "-1", "1e999", "NaN", "null", "\t", "\u00e9\u4e16"],
  ...["a,b", '"', "a\nb", "../x", "/", "\\", "constructor", "__proto__"],
  ...["Sequence 1: 1", "Sequence 1: 0", "Sequence 1: 99999999999999999999"],
  `Sequence 1: ${"1 ".repeat(5000)}`,
  `Sequence${" ".repeat(5000)}1:`,
  `class${"9".repeat(400)}/1.mat`,
  "x".repeat(70_000),
];

const number = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 1, arbitrary: fc.double({ min: -1e4, max: 1e4 }) },
  { weight: 1, arbitrary: fc.integer({ min: -5, max: 300 }) },
);
const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: "binary-ascii" }) },
);

/** One change of a value: which one, and what takes its place. */
const change = fc.record({
  leaf: fc.nat(),
  /** Whether a number stays a number, and a text a text. */
  isAlike: fc.nat(9).map((die) => die > 0),
  /** Whether every element of an array changes, not one. */
  isWhole: fc.nat(3).map((die) => die === 0),
  element: fc.nat(),
  number,
  text,
  other: fc.constantFrom<unknown>(
    ...[null, true, [], {}, [[]], { toString: 1 }, [1, 2, 3]],
  ),
});
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

/** A value of a model, and how it is replaced. */
interface Leaf {
  readonly value: unknown;
  set(value: unknown): void;
  remove(): void;
}

/** How a model is changed. */
export interface MutatedOptions {
  /** Whether JSON holds it: any value may stand for any other, and keys go. */
  readonly isJson?: boolean;
}

/**
 * Copies of a model with one to three of its numbers and texts changed, so that
 * a writer makes well-formed files of values that nobody has recorded.
 *
 * @param model Objects, lists, typed arrays, numbers and texts; not written to.
 */
export function mutatedValues<Model>(
  model: Model,
  { isJson = false }: MutatedOptions = {},
): fc.Arbitrary<Model> {
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const copy = structuredClone(model);
    for (const one of changes) {
      const leaves = leavesOf(copy);
      const leaf = leaves[one.leaf % leaves.length];
      if (leaf) replace(leaf, one, isJson);
    }
    return copy;
  });
}

function leavesOf(node: unknown): Leaf[] {
  if (typeof node !== "object" || node === null || ArrayBuffer.isView(node)) {
    return [];
  }
  const parent = node as Record<string, unknown>;
  return Object.keys(parent).flatMap((key): Leaf[] => {
    // Claims of a writer's input that must agree with its data.
    if (key === "dims" || key === "rows") return [];
    const own: Leaf = {
      value: parent[key],
      set(value): void {
        Object.defineProperty(parent, key, {
          ...{ value, writable: true, enumerable: true, configurable: true },
        });
      },
      remove: () => delete parent[key],
    };
    const below = leavesOf(parent[key]);
    return below.length > 0 ? below : [own];
  });
}

function replace(leaf: Leaf, change: Change, isJson: boolean): void {
  const { value } = leaf;
  if (ArrayBuffer.isView(value)) {
    leaf.set(changedArray(value as Float64Array | Int16Array, change));
    return;
  }
  if (change.isAlike) {
    leaf.set(typeof value === "number" ? change.number : change.text);
  } else if (!isJson) {
    leaf.set(typeof value === "number" ? change.text : change.number);
  } else if (change.isWhole) {
    leaf.remove();
  } else {
    leaf.set(change.other);
  }
}

/** The array as doubles of the same length, one or all of them changed. */
function changedArray(
  data: Float64Array | Int16Array,
  { isWhole, element, number }: Change,
): Float64Array {
  const changed = Float64Array.from(data);
  if (isWhole) changed.fill(number);
  else if (changed.length > 0) changed[element % changed.length] = number;
  return changed;
}
