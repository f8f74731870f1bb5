import type { SyntheticPlan } from "./ac1_plan.ts";

/** A recorded session: its place in the release and where it was made. */
export interface SyntheticAsariSession {
  readonly name: string;
  readonly results: 1 | 2;
  readonly site: "A1" | "MGB";
}

/** The sessions of both results folders. */
export function asariSessions(
  { asari }: SyntheticPlan,
): SyntheticAsariSession[] {
  const count = asari.a1Cells + asari.mgbCells;
  // Thalamic sessions lie between the cortical ones, as in the real release.
  const every = Math.floor(count / asari.mgbCells);
  let left = asari.mgbCells;
  return Array.from({ length: count }, (_, i) => {
    const isThalamic = i % every === every - 1 && left-- > 0;
    const month = String(3 + Math.floor(i / 18)).padStart(2, "0");
    const day = String(10 + i % 18).padStart(2, "0");
    const number = String(i + 1).padStart(3, "0");
    return {
      name: `2005${month}${day}-ha${i + 1}-${number}`,
      results: i % 2 === 0 ? 1 : 2,
      site: isThalamic ? "MGB" : "A1",
    };
  });
}
