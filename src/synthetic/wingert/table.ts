import { SyntheticRandom } from "../shared/random.ts";
import type { PlannedCell, WingertPlan } from "./plan.ts";
import { pythonFloat } from "./schedule.ts";

const FIRST_UNITS = 70;
const MODELS = [
  "LN32",
  "CNN32-bsg",
  "sspredxc",
  "spont_mean",
  "evoked_mean",
  ...Array.from({ length: 90 }, (_, i) => modelName(FIRST_UNITS + i)),
];
const COLUMNS = [
  "cellid",
  ...MODELS,
  ...["siteid", "probechannel", "layer", "depth", "area", "iso", "sw", "mwf"],
  ...["narrow", "superficial", "celltype", "goodpred"],
];
const MISSING = 0.03;
const NARROW_MS = 0.35;

/**
 * Cell list as pandas writes it: some hundred columns, missing values, and
 * printed arrays with line breaks inside quotes.
 */
export function cellListCsv({ seed, sites }: WingertPlan): string {
  const random = new SyntheticRandom(seed, "cell list");
  const rows = random.sample(sites, sites.length)
    .flatMap(({ cells }) => random.sample(cells, cells.length))
    .filter(({ isListed }) => isListed)
    .map((cell) => cellRow(random, cell));
  return [COLUMNS, ...rows]
    .map((row) => row.map(quoted).join(",") + "\n").join("");
}

function cellRow(random: SyntheticRandom, cell: PlannedCell): string[] {
  const scores = MODELS.map(() =>
    random.uniform() < MISSING ? "" : String(random.uniform(0.001, 0.95))
  );
  const [electrode] = cell.id.split("-").slice(-2);
  return [
    cell.id,
    ...scores,
    cell.siteId,
    pythonFloat(Number(electrode)),
    ...anatomy(random, cell.area),
    random.uniform() < 0.55 ? "True" : "False",
  ];
}

/** Columns layer, depth, area, iso, sw, mwf, narrow, superficial, celltype. */
function anatomy(random: SyntheticRandom, area: string | null): string[] {
  const iso = pythonFloat(random.integer(60_000, 99_000) / 1000);
  if (area === null) return ["", "", "", iso, "", "", "", "", ""];
  const depth = random.integer(-300, 1200);
  const layer = depth < 300 ? "13" : depth < 700 ? "44" : "56";
  const sw = Number(random.uniform(0.1, 0.9).toPrecision(random.integer(3, 9)));
  const isNarrow = sw < NARROW_MS;
  return [
    area === "HC" ? "WM" : layer,
    pythonFloat(depth),
    area,
    iso,
    pythonFloat(sw),
    printedWaveform(random),
    isNarrow ? "True" : "False",
    depth < 300 ? "True" : "False",
    isNarrow ? "ND" : depth < 500 ? "RS" : "RD",
  ];
}

/** Thirty numbers, six a line, as NumPy prints an array. */
function printedWaveform(random: SyntheticRandom): string {
  const lines = Array.from(
    { length: 5 },
    () =>
      Array.from({ length: 6 }, () => random.gaussian().toFixed(8).padStart(11))
        .join(" "),
  );
  return `[${lines.join("\n ")}]`;
}

function quoted(field: string): string {
  return /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function modelName(units: number): string {
  return `gtgram.fs100.ch32-ld-norm.l1-sev_wc.Nx1x${units}.g-fir.15x1x${units}` +
    `-relu.${units}.s-wc.${units}xR.l2:4-dexp.R_lite.tf.init.lr1e3.t3.es20.jk8`;
}
