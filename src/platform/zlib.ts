import type { Zlib } from "./_inflate.ts";
import { nodeZlib } from "./_node_zlib.ts";

export { InflateError } from "./_inflate.ts";
export type {
  Inflated,
  InflateFormat,
  InflateOptions,
  InflateStream,
  InflateStreamOptions,
} from "./_inflate.ts";

const NODE = globalThis.process?.getBuiltinModule?.("node:zlib");

// Only where it is needed: Deno never loads pako.
const ZLIB: Zlib = NODE
  ? nodeZlib(NODE)
  : (await import("./_pako_zlib.ts")).pakoZlib;

export const { crc32, inflate, inflateRawAsync, inflateStart, inflateStream } =
  ZLIB;
