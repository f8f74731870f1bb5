import { listMatVariables } from "../../../src/formats/mat/mat.ts";
import type { MatValue } from "../../../src/formats/mat/value.ts";
import { SyntheticLedger } from "../../../src/synthetic/ac1/ledger.ts";
import {
  type SyntheticPlan,
  syntheticPlan,
} from "../../../src/synthetic/ac1/plan.ts";
import { wehrMembers } from "../../../src/synthetic/ac1/wehr.ts";
import { assertEquals } from "../../support/assert.ts";

/** Type and length of each array of samples in the files that a reader keeps. */
function arraysOf(
  changes: Partial<SyntheticPlan["wehr"]>,
): { field: string; kind: string; length: number }[] {
  const tiny = syntheticPlan(1, 2);
  const plan = { ...tiny, wehr: { ...tiny.wehr, ...changes } };
  const ledger = new SyntheticLedger();
  const members = [...wehrMembers(plan, ledger)];
  const awkward = new Set(
    ledger.records
      .filter(({ kind }) => kind !== "misspelt-type" && kind !== "spaced-type")
      .map(({ member }) => member),
  );
  return members
    .filter(({ path }) =>
      !awkward.has(path) && /\/(Stimuli|Results)\//.test(path)
    )
    .map(({ path, bytes }) => {
      const [variable, field] = path.includes("/Stimuli/")
        ? ["stimulus", "samples"] as const
        : ["response", "trace"] as const;
      const value = listMatVariables(bytes())
        .find(({ name }) => name === variable)?.read();
      const data = fieldOf(value, field);
      return { field, kind: data.constructor.name, length: data.length };
    });
}

function fieldOf(
  value: MatValue | undefined,
  name: string,
): ArrayLike<unknown> {
  const field = value?.type === "struct" ? value.elements[0]?.[name] : value;
  if (field?.type !== "numeric") throw new TypeError(`${name} is no array`);
  return field.data;
}

function kindsOf(samples: "mixed" | "float"): string[] {
  const kinds = arraysOf({ samples }).map(({ field, kind }) =>
    `${field} ${kind}`
  );
  return [...new Set(kinds)].sort();
}

Deno.test("wehrMembers: float samples are traces of single and double, stimuli of double", () => {
  assertEquals(kindsOf("float"), [
    "samples Float64Array",
    "trace Float32Array",
    "trace Float64Array",
  ]);
  assertEquals(kindsOf("mixed"), [
    "samples Float32Array",
    "samples Float64Array",
    "samples Int16Array",
    "trace Float64Array",
    "trace Int16Array",
  ]);
});

Deno.test("wehrMembers: without spreads, all cells hear as many stimuli of one length", () => {
  const arrays = arraysOf({
    cells: 3,
    stimuli: 8,
    heard: 5,
    heardSpread: 0,
    repeats: 4,
    durationMs: 250,
    durationSpread: 0,
  });
  const sounds = arrays.filter(({ field }) => field === "samples");
  assertEquals(sounds.map(({ length }) => length), Array(8).fill(24_414));
  const trials = arrays.length - sounds.length;
  assertEquals(trials, 3 * 5 * 4);
});
