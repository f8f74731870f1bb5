import { FormatError } from "../../../src/errors.ts";
import { listMatVariables } from "../../../src/formats/mat/mat.ts";
import { writeMat } from "../../../src/synthetic/mat/mat_writer.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { itemAt } from "../../support/item_at.ts";

const NOISE = Float64Array.from({ length: 9000 }, (_, i) => Math.sin(i * i));

for (const length of [1, 63, 990, 2000]) {
  for (const data of [NOISE, NOISE.subarray(0, 3)]) {
    Deno.test(`mat5: packed ${data.length} numbers named by ${length} characters`, () => {
      const name = "n".repeat(length);
      const dims = [1, data.length];
      const file = writeMat({ [name]: { data, dims } }, { version: "v7" });
      const variable = itemAt(listMatVariables(file), 0);
      assertEquals([variable.name, variable.shape], [name, dims]);
      for (let read = 0; read < 2; read++) {
        const value = variable.read();
        assertEquals(value.type === "numeric" && [...value.data], [...data]);
      }
    });
  }
}

Deno.test("mat5: a small packed variable with a damaged sum is refused when listed", () => {
  const data = NOISE.subarray(0, 20);
  const file = writeMat({ x: { data, dims: [1, 20] } }, { version: "v7" });
  file[file.length - 1] = itemAt(file, file.length - 1) ^ 1;
  assertThrows(
    () => listMatVariables(file),
    FormatError,
    "Cannot read MAT file: a variable does not inflate: incorrect data check; " +
      "download the file again",
  );
});
