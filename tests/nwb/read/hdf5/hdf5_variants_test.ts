import { UnsupportedError } from "../../../../src/errors.ts";
import {
  type Hdf5File,
  openHdf5,
} from "../../../../src/nwb/read/hdf5/hdf5_file.ts";
import type {
  Hdf5Attribute,
  Hdf5Columns,
  Hdf5Data,
  Hdf5Numbers,
  Hdf5Type,
} from "../../../../src/nwb/read/hdf5/model.ts";
import { assertEquals, assertRejects } from "../../../support/assert.ts";
import { type ExpectedObject, VARIANTS } from "../../_variants.ts";

/** Arrays of more numbers are compared by checksum. */
const LISTED = 64;

for (const { name, path, hdf5 } of VARIANTS) {
  Deno.test(`openHdf5: ${name}.nwb holds what h5py reads`, async () => {
    await using file = await openHdf5(path);
    const objects = (await file.tree("/")).filter(({ path: at }) =>
      !at.startsWith("/specifications")
    );
    const expected = Object.entries(hdf5);
    const whole = expected.filter(([, { attributes }]) => attributes);
    assertEquals(
      objects.map(({ path: at }) => at).sort(),
      whole.map(([at]) => at).sort(),
    );
    for (const object of objects) {
      const stored = hdf5[object.path] ?? {};
      const attributes = await plainAttributes(file, object.attributes);
      assertEquals({ at: object.path, attributes }, {
        at: object.path,
        attributes: withoutShapes(stored.attributes ?? {}),
      });
      assertEquals(
        object.kind,
        stored.type === undefined ? "group" : "dataset",
      );
      if (object.kind === "group") continue;
      assertEquals(object.shape, stored.shape ?? [0]);
      assertEquals(object.chunks, stored.chunks ?? null);
      await checkValues(file, object.path, object.type, stored);
    }
    for (const [at, { soft, external, same }] of expected) {
      if (same !== undefined) await checkSame(file, at, same, hdf5[same]);
      if (soft === undefined && external === undefined) continue;
      const [, folder = "", member = ""] = /^(.*)\/([^/]*)$/.exec(at) ?? [];
      const found = (await file.group(folder || "/")).members.get(member);
      if (soft !== undefined) assertEquals(found?.link, soft);
      else assertEquals(found?.kind, "external");
    }
  });
}

/** A second hard link leads to the same object. */
async function checkSame(
  file: Hdf5File,
  path: string,
  first: string,
  expected: ExpectedObject | undefined,
): Promise<void> {
  if (expected?.type === undefined) {
    assertEquals(await file.names(path), await file.names(first));
    return;
  }
  const { type } = await file.dataset(path);
  await checkValues(file, path, type, expected);
}

async function checkValues(
  file: Hdf5File,
  path: string,
  type: Hdf5Type,
  expected: ExpectedObject,
): Promise<void> {
  if (expected.undecodable || expected.externalFiles) {
    await assertRejects(() => file.read(path), UnsupportedError);
    return;
  }
  const { data, shape } = await file.read(path);
  assertEquals(shape, expected.shape ?? [0]);
  if (expected.shape === null) return;
  if (expected.fields) {
    const columns = Object.entries(data as Hdf5Columns);
    for (const [name, column] of columns) {
      const values = { path, name, values: await plain(column) };
      assertEquals(values, { path, name, values: expected.fields[name] });
    }
    assertEquals(columns.length, Object.keys(expected.fields).length);
  } else if (expected.sha256 !== undefined) {
    assertEquals([path, await sha256(data as Hdf5Numbers)], [
      ...[path, expected.sha256],
    ]);
  } else {
    const values = await plain(data, type.kind === "boolean");
    // h5py gives a null reference as None.
    const known = expected.values?.map((value) => value ?? "");
    assertEquals({ path, values }, { path, values: known });
  }
}

async function plainAttributes(
  file: Hdf5File,
  attributes: Readonly<Record<string, Hdf5Attribute>>,
): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "object_id") continue;
    found[name] = await plainAttribute(file, value);
  }
  return found;
}

/** Attributes are arrays in C order: their shape is not read. */
function withoutShapes(
  attributes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      const { values } = value as { readonly values?: unknown };
      return [name, values === undefined ? value : { values }];
    }),
  );
}

async function plainAttribute(
  file: Hdf5File,
  value: Hdf5Attribute,
): Promise<unknown> {
  if (value === null) return { shape: null };
  if (typeof value === "number") return special(value);
  if (typeof value !== "object") return value;
  if ("address" in value && typeof value.address === "bigint") {
    const [path] = await file.paths([{ address: value.address }]);
    return path;
  }
  return { values: await plain(value as Hdf5Data) };
}

/** Values in the form of the fixtures. */
async function plain(data: Hdf5Data, areFlags = false): Promise<unknown> {
  if (ArrayBuffer.isView(data)) {
    const values = data as Hdf5Numbers;
    if (values.length > LISTED && !areFlags) return await sha256(values);
    return Array.from(
      values as ArrayLike<number | bigint>,
      (value) => areFlags ? value === 1 : special(value),
    );
  }
  const items = data as readonly Hdf5Data[];
  return await Promise.all(
    items.map((item) => typeof item === "object" ? plain(item) : item),
  );
}

function special(value: number | bigint): number | string {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  return Number.isInteger(number) || !Number.isFinite(number)
    ? String(value)
    : number;
}

async function sha256(values: Hdf5Numbers): Promise<string> {
  const wide = Float64Array.from(
    values as ArrayLike<number | bigint>,
    (value) => Number(value),
  );
  return new Uint8Array(await crypto.subtle.digest("SHA-256", wide)).toHex();
}
