import type { Session } from "rxephys";
import { toNwb } from "rxephys/nwb";
import { lastValueFrom, type Observable } from "rxjs";
import { assertEquals } from "../support/assert.ts";
import { checkContent, listed } from "./_check_content.ts";
import { readNwb, type StoredFile } from "./_nwb_python.ts";

/** A stream, and how it is written. */
export interface Written {
  readonly sessions: Observable<Session>;
  /** @default {"none"} */
  readonly compression?: "gzip" | "none";
}

/** Writes streams, has Python check their files, and compares what it reads. */
export async function checkWritten(
  folder: string,
  streams: Readonly<Record<string, Written>>,
): Promise<Map<string, StoredFile[]>> {
  const folders = new Map<string, string>();
  for (
    const [name, { sessions, compression = "none" }] of Object.entries(streams)
  ) {
    const describe = () => ({ lab: "A lab" });
    const path = `${folder}/${name}`;
    folders.set(path, name);
    const sink = toNwb(path, { compression, describe });
    await lastValueFrom(sessions.pipe(sink));
  }
  const files = Object.entries(await readNwb(...folders.keys()));
  for (const [path, { errors, faults, lab }] of files) {
    assertEquals([path, errors, faults, lab], [path, [], [], "A lab"]);
  }
  const found = Map.groupBy(
    files,
    ([path]) => folders.get(path.slice(0, path.lastIndexOf("/"))) ?? "",
  );
  for (const [name, { sessions }] of Object.entries(streams)) {
    const reads = await listed(sessions);
    const stored = found.get(name) ?? [];
    assertEquals(stored.length, reads.size);
    for (const [, file] of stored) {
      const id = file.session;
      const [, read] = [...reads].find(([each]) =>
        each.replaceAll("/", "-") === id
      ) ?? [];
      await checkContent(file, read ?? []);
    }
  }
  return new Map(
    Array.from(found, ([name, all]) => [name, all.map(([, file]) => file)]),
  );
}
