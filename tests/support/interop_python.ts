import { succeeds } from "./succeeds.ts";

/** Path of a Python with numpy, safetensors and zarr 3, if given. */
export const interopPython = Deno.env.get("INTEROP_PYTHON") ?? "";

/** Whether such a Python is given; a path to none is a mistake. */
export const hasInteropPython = interopPython !== "";

if (hasInteropPython) {
  const imports = ["-c", "import numpy, safetensors, zarr"];
  if (!await succeeds(interopPython, imports)) {
    throw new Error(
      `INTEROP_PYTHON is ${interopPython}, expected a Python with numpy, ` +
        "safetensors and zarr 3",
    );
  }
} else {
  console.log(
    "No INTEROP_PYTHON: what Python reads is not compared. Set it to a Python " +
      "with numpy 2.4.6, safetensors 0.8.0 and zarr 3.1.6.",
  );
}
