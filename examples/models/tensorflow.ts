import * as tf from "@tensorflow/tfjs";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { fileURLToPath } from "node:url";

export { tf };

/**
 * Switches TensorFlow.js to WebAssembly: a step of training takes 0.1 s, on the
 * plain backend 0.35 s. With one thread, every run gives the same sums.
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
