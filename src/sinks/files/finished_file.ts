import { DataError } from "../../errors.ts";
import { DEFAULT_LIMITS } from "../../base/limits.ts";
import { list, stat } from "../../platform/files.ts";
import { TallySum } from "../../stream/tally.ts";
import type { FileFormat } from "./file_format.ts";
import type { WriteSummary } from "./file_options.ts";
import type { PartFiles } from "./part_files.ts";
import type { ArrayReader } from "./stored_array.ts";
import type { Output } from "./write_sessions.ts";

/** Output of a run that finds its file complete: the summary, and no writing. */
export interface FinishedOutput extends Output {
  readonly finished: WriteSummary;
}

/**
 * Reads a complete file to its end and sums it up.
 *
 * @throws {OutputError} If no sink of the format wrote the file.
 */
export async function openFinished(
  files: PartFiles,
  { name }: FileFormat,
  read: ArrayReader,
): Promise<FinishedOutput> {
  try {
    return { ...NO_OUTPUT, finished: await summaryOf(files.path, read) };
  } catch (error) {
    if (error instanceof DataError) {
      await files.checkTarget(`write ${name}`, false);
    }
    throw error;
  }
}

/** Nothing is written to a finished file. */
const NO_OUTPUT: Output = {
  earlier: [],
  write: () => Promise.resolve(),
  endSession: () => Promise.resolve(),
  commit: () => Promise.resolve(0),
  leave: () => Promise.resolve(),
};

async function summaryOf(
  path: string,
  read: ArrayReader,
): Promise<WriteSummary> {
  const tally = new TallySum();
  const cells = new Set<number>();
  const counts = { stimuli: 0, responses: 0 };
  for await (const { head } of read(path, { limits: DEFAULT_LIMITS })) {
    if (head.tally) tally.add(head.tally);
    if (head.type === "stimulus") counts.stimuli++;
    if (head.type !== "response") continue;
    counts.responses++;
    cells.add(head.cell);
  }
  return {
    path,
    bytes: await bytesOf(path),
    ...counts,
    cells: cells.size,
    tally: tally.total,
  };
}

/** Size of a file, or of all files of a folder. */
async function bytesOf(path: string): Promise<number> {
  const { isDirectory, size } = await stat(path);
  if (!isDirectory) return size;
  let bytes = 0;
  for await (const { name } of list(path)) {
    bytes += await bytesOf(`${path}/${name}`);
  }
  return bytes;
}
