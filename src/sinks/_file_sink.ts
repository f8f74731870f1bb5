import { defer, mergeMap, type Observable, type OperatorFunction } from "rxjs";
import type { SinkOptions } from "../stream/read_sessions.ts";
import type { Session } from "../session.ts";
import type { FileFormat } from "./files/file_format.ts";
import {
  checkFileOptions,
  checkPath,
  type FileOptions,
  type WriteSummary,
} from "./files/file_options.ts";
import type { ArrayReader } from "./files/stored_array.ts";
import type { Output } from "./files/write_sessions.ts";

/** Modules of a format. */
export interface LoadedFormat {
  readonly format: FileFormat;
  /** Reads complete files. */
  readonly read: ArrayReader;
}

/**
 * Makes a sink that writes a file or a folder. All that writes is loaded at the
 * first subscription.
 *
 * @param name Name of the format, as in "Cannot write <name>".
 * @param load Loads the format and the reader of its complete files.
 * @throws {RangeError} If an option is outside its range, or does not exist.
 * @throws {TypeError} If the path is empty or an option has the wrong type.
 */
export function fileSink(
  name: string,
  path: string,
  options: FileOptions,
  load: () => Promise<LoadedFormat>,
): OperatorFunction<Session, WriteSummary> {
  checkPath(`write ${name}`, path);
  checkFileOptions(`write ${name}`, options);
  return outputSink(options, async () => {
    const [{ openOutput }, { format, read }] = await Promise.all([
      import("./files/part_output.ts"),
      load(),
    ]);
    return await openOutput(path, format, read, options);
  });
}

/** Makes a sink that writes to an output, opened once per subscription. */
export function outputSink(
  options: SinkOptions,
  open: () => Promise<Output>,
): OperatorFunction<Session, WriteSummary> {
  return (sessions): Observable<WriteSummary> =>
    defer(() => import("./files/write_sessions.ts")).pipe(
      mergeMap(({ writeSessions }) => writeSessions(sessions, open, options)),
    );
}
