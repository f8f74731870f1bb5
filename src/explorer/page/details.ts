import type { MetaValue } from "../../session.ts";
import type { View, WarningEntry } from "../protocol.ts";
import { byId, made, showTerms } from "./dom.ts";

/** Shows the metadata of a cell or a stimulus. */
export function showMeta(
  id: string,
  meta: Readonly<Record<string, MetaValue | undefined>>,
): void {
  const known = Object.entries(meta).filter(([, value]) =>
    value !== undefined && value !== null
  );
  showTerms(byId(id), known.map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: MetaValue | undefined): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** Shows what is computed of a view. */
export function showFacts({ quality, tally, repeats, ...view }: View): void {
  const { verdicts, dtMs, psth, tookMs, stimulus } = view;
  showTerms(byId("quality"), [
    ["SNR", numberText(quality.snr)],
    ["CCmax", numberText(quality.ccmax)],
    ["Repeats", String(repeats.length)],
    ["Bins", `${psth.length} of ${dtMs} ms`],
    ["Bands", String(stimulus.shape.at(-2) ?? 0)],
    ["Time", `${Math.round(tookMs)} ms`],
  ]);
  const counts = verdicts.length > 0
    ? Object.entries(tally).map(([name, n]) => [name, String(n)] as const)
    : [["repeats", "published without bad ones"]] as const;
  showTerms(byId("tally"), counts);
}

/** Shows that there is no view. */
export function clearFacts(): void {
  for (const id of ["quality", "tally"]) byId(id).replaceChildren();
}

function numberText(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : "not defined";
}

/** Shows warnings of the source, one for each kind. */
export function showWarnings(warnings: Iterable<WarningEntry>): void {
  const items = [...warnings].map(({ kind, message, count }) =>
    made("li", {}, `${kind} (${count}): ${message}`)
  );
  byId("warnings-title").hidden = items.length === 0;
  byId("warnings").replaceChildren(...items);
}
