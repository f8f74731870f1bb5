import { RecordingError } from "../../errors.ts";
import type { CellMeta } from "../../session.ts";
import type { NwbContext } from "./_context.ts";
import { type NwbFile, plainPath, typeOf } from "./_nwb_file.ts";
import { isSeries, openSeries, type Series } from "./_series.ts";
import type { SessionHead } from "./_session_head.ts";
import { NwbTable } from "./_table.ts";
import type { TracePlan } from "./_traces.ts";

const PATCH = "general/intracellular_ephys";
const ELECTRODES = "general/extracellular_ephys/electrodes";
/** Groups inside groups in which series are sought. */
const DEPTH = 3;

/** Cells whose traces are in series. */
export interface TraceCells {
  readonly cells: readonly CellMeta[];
  readonly plan: TracePlan;
}

/** A series that was found, and its type. */
interface Found {
  readonly path: string;
  readonly type: string;
}

/**
 * Cells of the series that the options name; otherwise those of the patch
 * electrodes, or the channels of the only series of a probe, or of the only
 * series.
 *
 * @returns Null if the file has no series.
 * @throws {RecordingError} If a series is not there, or several might be meant.
 */
export async function traceCells(
  file: NwbFile,
  id: string,
  head: SessionHead,
  { options: { series } }: NwbContext,
): Promise<TraceCells | null> {
  if (series.length > 0) {
    const found = await seriesIn(file);
    const chosen = series.map((name) => {
      const one = foundAs(found, name);
      if (one) return one.path;
      throw seriesError(file, found, `there is no series ${name}`);
    });
    return await channelCells(file, id, head, chosen);
  }
  const patch = await patchCells(file, id, head);
  if (patch) return patch;
  const found = await seriesIn(file);
  const usable = found.filter(({ type }) =>
    type === "ElectricalSeries" || type === "TimeSeries"
  );
  const probes = usable.filter(({ type }) => type === "ElectricalSeries");
  const raw = probes.filter(({ path }) => path.startsWith("acquisition/"));
  const [first, ...others] =
    [raw, probes, usable].find((those) => those.length > 0) ?? [];
  if (first === undefined) return null;
  if (others.length > 0) {
    throw seriesError(file, found, "several series may hold the responses");
  }
  return await channelCells(file, id, head, [first.path]);
}

/** A series by its path or the end of it; undefined unless it is the only one. */
function foundAs(found: readonly Found[], name: string): Found | undefined {
  const path = plainPath(name);
  const exact = found.find((one) => one.path === path);
  if (exact) return exact;
  const all = found.filter((one) => one.path.endsWith(`/${path}`));
  return all.length === 1 ? all[0] : undefined;
}

function seriesError(
  file: NwbFile,
  found: readonly Found[],
  fault: string,
): RecordingError {
  const shown = found.slice(0, 20).map(({ path, type }) => `${path} (${type})`);
  if (found.length > 20) shown.push(`and ${found.length - 20} more`);
  return new RecordingError(
    `Cannot stream NWB: ${fault}; it has ${shown.join(", ") || "none"}; ` +
      "give series",
    { archive: file.name },
  );
}

/** All series of `acquisition` and of the processing modules. */
async function seriesIn(file: NwbFile): Promise<Found[]> {
  const found: Found[] = [];
  const visit = async (path: string, depth: number): Promise<void> => {
    for (const name of await file.groupsIn(path)) {
      const at = `${path}/${name}`;
      const group = await file.group(at);
      if (group === null) continue;
      if (isSeries(group)) found.push({ path: at, type: typeOf(group) });
      else if (depth < DEPTH) await visit(at, depth + 1);
    }
  };
  await visit("acquisition", 1);
  await visit("processing", 0);
  return found;
}

/** A cell per channel of some series; channels of one electrode are one cell. */
async function channelCells(
  file: NwbFile,
  id: string,
  { meta }: SessionHead,
  paths: readonly string[],
): Promise<TraceCells> {
  const table = await NwbTable.open(file, ELECTRODES);
  const electrodes = await table?.metas(file, ["group", "group_name"]) ?? [];
  const places = new Map<string, number>();
  const cells: CellMeta[] = [];
  for (const path of paths) {
    const series = await openSeries(file, path);
    const name = path.slice(path.lastIndexOf("/") + 1);
    for (let channel = 0; channel < (series.channels ?? 1); channel++) {
      const key = identityOf(series, channel);
      if (places.has(key)) continue;
      places.set(key, cells.length);
      const electrode = Array.isArray(series.electrodes)
        ? electrodes[series.electrodes[channel] ?? -1]
        : undefined;
      const { location, ...columns } = electrode ?? {};
      const number = series.channels === null ? "" : `/${channel}`;
      cells.push({
        ...meta,
        session: id,
        cellId: `${id}/${name}${number}`,
        ...(typeof location === "string" && { area: location }),
        ...columns,
      });
    }
  }
  // A trial may refer to other series of the same electrodes.
  const chosen = new Set(paths);
  return {
    cells,
    plan: {
      series: () => Promise.resolve(paths),
      cellOf: (series, channel) =>
        chosen.has(series.path)
          ? places.get(identityOf(series, channel))
          : undefined,
    },
  };
}

/** Electrode of a channel, or the channel itself. */
function identityOf({ electrodes, path }: Series, channel: number): string {
  if (typeof electrodes === "string") return electrodes;
  const electrode = electrodes?.[channel];
  return electrode === undefined ? `${path}#${channel}` : `#${electrode}`;
}

/** A cell per patch electrode; null if the file has none. */
async function patchCells(
  file: NwbFile,
  id: string,
  { meta }: SessionHead,
): Promise<TraceCells | null> {
  const places = new Map<string, number>();
  const cells: CellMeta[] = [];
  const recordingType = await patchType(file);
  for (const name of await file.groupsIn(PATCH)) {
    const path = `${PATCH}/${name}`;
    const electrode = await file.group(path);
    if (electrode === null || typeOf(electrode) !== "IntracellularElectrode") {
      continue;
    }
    places.set(path, cells.length);
    const location = await file.text(`${path}/location`);
    cells.push({
      ...meta,
      session: id,
      cellId: await file.text(`${path}/cell_id`) || `${id}/${name}`,
      ...(location && { site: location }),
      ...(recordingType && { recordingType }),
    });
  }
  if (cells.length === 0) return null;
  let series: readonly string[] | undefined;
  return {
    cells,
    plan: {
      series: async (file) => series ??= await patchSeries(file),
      cellOf: ({ electrodes }) => places.get(String(electrodes)),
    },
  };
}

/** Series of the patch electrodes. */
async function patchSeries(file: NwbFile): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const name of await file.groupsIn("acquisition")) {
    const path = `acquisition/${name}`;
    const group = await file.group(path);
    if (group && isSeries(group) && group.members.has("electrode")) {
      paths.push(path);
    }
  }
  return paths;
}

/** Recording mode by the first series of a patch electrode. */
async function patchType(file: NwbFile): Promise<string | undefined> {
  const [first] = await file.names("acquisition");
  if (first === undefined) return undefined;
  const series = await file.group(`acquisition/${first}`);
  const type = series ? typeOf(series) : "";
  if (type === "PatchClampSeries") return "cell-attached";
  return type.endsWith("ClampSeries") ? "whole-cell" : undefined;
}
