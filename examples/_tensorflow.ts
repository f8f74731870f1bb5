import * as tf from "@tensorflow/tfjs";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { fileURLToPath } from "node:url";

export { tf };

/**
 * Has TensorFlow.js compute in WebAssembly: a step of training here takes 0.1 s,
 * on its plain backend 0.35 s. One thread, so that every run gives the same sums.
 */
export async function useWasm(): Promise<void> {
  const main = import.meta.resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(fileURLToPath(new URL("../wasm-out/", main)));
  setThreadsCount(1);
  if (await tf.setBackend("wasm")) return;
  throw new Error(
    "Cannot train: TensorFlow's WASM cannot be read, expected --allow-read of " +
      "Deno's npm cache",
  );
}
