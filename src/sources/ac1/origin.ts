import type { Origin } from "../../_recipe.ts";
import type { Ac1Context } from "./context.ts";
import type { AsariOrigin } from "./asari_file.ts";
import { warnedBy } from "../_relayed_warnings.ts";

/** By what a session of a release is found again without reading others. */
export type Ac1Hint =
  | { readonly half: "wehr"; readonly id: string }
  | {
    readonly half: "asari";
    readonly path: string;
    readonly origin: AsariOrigin;
  };

/** How another thread opens a session of this release. */
export function ac1Origin(
  { source, warnings }: Ac1Context,
  hint: Ac1Hint,
): Origin {
  return { source, hint, warn: warnedBy(warnings) };
}
