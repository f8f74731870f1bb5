import { DataError, FormatError, readDataset, toNdjson } from "rxephys";
import { lastValueFrom } from "rxjs";
import { assertEquals, assertRejects } from "../../support/assert.ts";
import { inFolder } from "../../support/in_folder.ts";
import { randomDataset } from "../../support/sessions/random_dataset.ts";
import { itemAt } from "../../support/item_at.ts";

const DEEP = "[".repeat(100_000) + "]".repeat(100_000);
const KINDS = "expected raw, subthresh, spikes";
const META = "expected text, a number, true, false, null or a list of them";

/** Field, value as JSON, and the error. */
const STIMULUS: readonly (readonly [string, string, string])[] = [
  ["dtMs", '"10"', 'dtMs is "10", expected a number above 0'],
  ["dtMs", "0", "dtMs is 0, expected a number above 0"],
  ["dtMs", "-5", "dtMs is -5, expected a number above 0"],
  ["dtMs", "1e999", "dtMs is Infinity, expected a number above 0"],
  ["dtMs", "null", "dtMs is null, expected a number above 0"],
  ["rateHz", "[1]", "rateHz is an object, expected a number above 0"],
  ["durationMs", "null", "durationMs is null, expected a number from 0"],
  ["durationMs", '{"toString":1}', "durationMs is an object, expected a n"],
  ["durationMs", "-1", "durationMs is -1, expected a number from 0"],
  ["samplesPerBin", "-480", "samplesPerBin is -480, expected a whole number"],
  ["samplesPerBin", "0.5", "samplesPerBin is 0.5, expected a whole number"],
  ["unit", "5", "unit is 5, expected text"],
  ["unit", '{"toString":1}', "unit is an object, expected text"],
  ["meta", '{"x":{"toString":1}}', `meta.x is an object, ${META}`],
  ["meta", `{"x":${DEEP}}`, `meta.x is an object, ${META}`],
];

const RESPONSE: readonly (readonly [string, string, string])[] = [
  ["kind", '"mV"', `kind is "mV", ${KINDS}`],
  ["kind", "null", `kind is null, ${KINDS}`],
  ["kind", '["spikes"]', `kind is an object, ${KINDS}`],
  ["session", "5", "session is 5"],
  ["session", "null", "session is null"],
  ["dtMs", '"10"', 'dtMs is "10", expected a number above 0'],
  ["rateHz", "-1", "rateHz is -1, expected a number above 0"],
  ["shape", "[4]", "shape is of other axes, expected repeats and bins"],
  ["meta", '{"signalType":null}', `meta.signalType is null, ${KINDS}`],
  ["meta", '{"signalType":"x"}', `meta.signalType is "x", ${KINDS}`],
];

/** Replaces a field in the first line of a type. */
function edited(
  text: string,
  type: string,
  field: string,
  value: string,
): string {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.includes(`"type":"${type}"`));
  const fields = JSON.parse(itemAt(lines, at));
  fields[field] = "NEW";
  lines[at] = JSON.stringify(fields).replace('"NEW"', () => value);
  return lines.join("\n");
}

Deno.test("readDataset: checks type and range of every header field", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    const data = randomDataset(3);
    await lastValueFrom(data.sessions().pipe(toNdjson(path)));
    const text = await Deno.readTextFile(path);
    const cases = [
      ...STIMULUS.map((row) => ["stimulus", ...row] as const),
      ...RESPONSE.map((row) => ["response", ...row] as const),
    ];
    for (const [type, field, value, fault] of cases) {
      await Deno.writeTextFile(path, edited(text, type, field, value));
      await assertRejects(
        () => readDataset(path),
        FormatError,
        `Cannot read arrays: ${fault}`,
      );
    }
  }));

Deno.test("readDataset: any value in any field is read or throws a data error", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    const data = randomDataset(3);
    await lastValueFrom(data.sessions().pipe(toNdjson(path)));
    const text = await Deno.readTextFile(path);
    const values = ["null", '"x"', "-1", "0.5", "1e999", "[]", "{}", "true"];
    values.push('{"toString":1}', '[{"valueOf":1}]', DEEP);
    let refused = 0;
    for (const type of ["stimulus", "response"]) {
      const line = text.split("\n").find((one) => one.includes(`"${type}"`));
      for (const field of [...Object.keys(JSON.parse(line ?? "")), "end"]) {
        for (const value of values) {
          await Deno.writeTextFile(path, edited(text, type, field, value));
          try {
            await readDataset(path);
          } catch (error) {
            if (!(error instanceof DataError)) throw error;
            refused++;
          }
        }
      }
    }
    assertEquals(refused > 200, true, String(refused));
  }));
