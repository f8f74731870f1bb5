import { openHdf5 } from "../../../src/formats/hdf5/hdf5.ts";
import { Hdf5Writer } from "../../../src/synthetic/wingert/hdf5_writer.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { itemAt } from "../../support/item_at.ts";

const python = Deno.env.get("PYTHON") ?? "python3";
// Sizes around which h5py 3.7 changes the chunks, and trees grow.
const LENGTHS = [
  ...[0, 1, 3, 999, 1500, 1536, 1537, 2000, 27_000, 100_000],
  ...[234_000, 236_000, 600_000],
];
const COUNTS = [1, 5, 128, 129, 300];

Deno.test("Hdf5Writer: h5py reads what was written, in chunks as its own", async () => {
  if (!await hasH5py()) {
    console.log(`${python} has no h5py: nothing was compared. Install it.`);
    return;
  }
  const folder = await Deno.makeTempDir();
  try {
    const files = [
      write(`${folder}/lengths.h5`, LENGTHS.map((length) => [length])),
      write(`${folder}/stimuli.h5`, [[32, 2000], [32, 2200], [32, 37]]),
      ...COUNTS.map((count) =>
        write(`${folder}/${count}.h5`, Array(count).fill([7]))
      ),
    ];
    const found = await read(files.map(({ path }) => path));
    files.forEach(({ names, shapes }, i) => {
      assertEquals(Object.keys(itemAt(found, i)), [...names].sort());
      names.forEach((name, j) => {
        const [shape, chunk, wanted] = itemAt(itemAt(found, i), name);
        assertEquals(shape, shapes[j]);
        assertEquals(chunk, wanted);
      });
    });
    assertEquals(itemAt(itemAt(found, 1), "set-0000")[1], [4, 500]);
    assertEquals(itemAt(itemAt(found, 1), "set-0001")[1], [4, 550]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("Hdf5Writer: this project's reader reads it", () => {
  const folder = Deno.makeTempDirSync();
  try {
    for (
      const shapes of [
        LENGTHS.map((length) => [length]),
        [[32, 2000], [32, 2200], [32, 37]],
        ...COUNTS.map((count) => Array<number[]>(count).fill([7])),
      ]
    ) {
      const { path, names } = write(`${folder}/read.h5`, shapes);
      using file = openHdf5(Deno.readFileSync(path));
      assertEquals(file.names, [...names].sort());
      shapes.forEach((shape, i) => {
        const read = file.read(itemAt(names, i));
        assertEquals(read.shape, shape);
        const wanted = ramp(shape, i);
        assert(read.data.length === wanted.length);
        assert(read.data.every((value, k) => value === wanted[k]));
      });
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("Hdf5Writer: the bytes do not depend on time or chance", () => {
  const bytes = (): Uint8Array => {
    const writer = new Hdf5Writer();
    writer.add("b-1", ramp([1, 2000], 1), [1, 2000]);
    writer.add("a-0", ramp([0], 0), [0]);
    return writer.finish();
  };
  assertEquals(bytes(), bytes());
  assertEquals(String.fromCharCode(...bytes().subarray(1, 4)), "HDF");
  assertEquals(bytes()[8], 0);
});

Deno.test("Hdf5Writer: refuses a shape of another size than the data", () => {
  const writer = new Hdf5Writer();
  assertThrows(
    () => writer.add("a", new Float64Array(7), [2, 4]),
    RangeError,
    "Cannot write HDF5: a has 7 values, expected 2 x 4",
  );
});

interface Written {
  readonly path: string;
  readonly names: string[];
  readonly shapes: readonly number[][];
}

/** Writes the last name first; links must be in byte order. */
function write(path: string, shapes: readonly number[][]): Written {
  const writer = new Hdf5Writer();
  const names = shapes.map((_, i) => `set-${String(i).padStart(4, "0")}`);
  for (const [i, shape] of [...shapes.entries()].reverse()) {
    writer.add(itemAt(names, i), ramp(shape, i), shape);
  }
  Deno.writeFileSync(path, writer.finish());
  return { path, names, shapes };
}

function ramp(shape: readonly number[], start: number): Float64Array {
  const length = shape.reduce((product, size) => product * size, 1);
  return Float64Array.from({ length }, (_, k) => k / 30_000 + start);
}

async function read(
  paths: readonly string[],
): Promise<Record<string, [number[], number[], number[]]>[]> {
  const script = new URL(
    "hdf5_reference.py",
    import.meta.url,
  );
  const { success, stdout, stderr } = await new Deno.Command(python, {
    args: [script.pathname, ...paths],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function hasH5py(): Promise<boolean> {
  try {
    const command = new Deno.Command(python, {
      args: ["-c", "import h5py"],
      stdout: "null",
      stderr: "null",
    });
    return (await command.output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
