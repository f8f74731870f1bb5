import type { FullDescription } from "./description.ts";
import type { Hdf5File } from "./_hdf5_file.ts";
import { objectOf } from "./_nwb_objects.ts";

/** Version of the schema that the file holds. */
const VERSION = "2.11.0";

/**
 * Writes all of an NWB file that does not depend on its recordings, with the
 * schema that it follows.
 */
export async function startNwb(
  file: Hdf5File,
  id: string,
  description: FullDescription,
): Promise<void> {
  const { startTime, notes, lists, texts, subject } = description;
  const start = startTime.toISOString().replace("Z", "+00:00");
  file.attributes("", { ...objectOf("NWBFile"), nwb_version: VERSION });
  for (
    const group of [
      ...["acquisition", "analysis", "general", "general/devices"],
      ...["intervals", "processing", "stimulus", "stimulus/presentation"],
      "stimulus/templates",
    ]
  ) file.group(group);
  const now = new Date().toISOString().replace("Z", "+00:00");
  file.texts("file_create_date", [now]);
  file.scalar("identifier", crypto.randomUUID());
  file.scalar("session_description", description.description);
  file.scalar("session_start_time", start);
  file.scalar("timestamps_reference_time", start);
  // DANDI makes a path of it.
  file.scalar("general/session_id", id.replaceAll("/", "-"));
  file.scalar("general/notes", notes);
  file.scalar("general/source_script", "Written by rxephys", {
    file_name: "rxephys/nwb",
  });
  for (const [name, all] of Object.entries(lists)) {
    if (all.length > 0) file.texts(`general/${name}`, all);
  }
  for (const [name, text] of Object.entries(texts)) {
    file.scalar(`general/${name}`, text);
  }
  file.group("general/subject", objectOf("Subject"));
  for (const [name, text] of Object.entries(subject)) {
    file.scalar(`general/subject/${name}`, text);
  }
  file.group("general/devices/electrode", objectOf("Device"));
  await writeSchema(file);
}

/** Stores NWB's own schema, by which programs of other versions read the file. */
async function writeSchema(file: Hdf5File): Promise<void> {
  const { default: schema } = await import("./schema.json", {
    with: { type: "json" },
  });
  const groups = new Set<string>();
  file.group("specifications");
  for (const [path, text] of Object.entries(schema)) {
    const folders = path.split("/").slice(0, -1);
    for (const [at] of folders.entries()) {
      const group = `specifications/${folders.slice(0, at + 1).join("/")}`;
      if (groups.has(group)) continue;
      groups.add(group);
      file.group(group);
    }
    file.scalar(`specifications/${path}`, text);
  }
  file.attributes("", { ".specloc": file.reference("specifications") });
}
