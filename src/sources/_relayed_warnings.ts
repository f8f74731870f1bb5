import type { MemberPlace } from "./archive/archive.ts";
import {
  type SourceWarning,
  SourceWarnings,
  type WarnOptions,
} from "./_source_warnings.ts";

/** Warnings that another thread counts: plain values, and last the cause. */
export class RelayedWarnings extends SourceWarnings {
  readonly #relay: (...warning: unknown[]) => void;

  constructor(relay: (...warning: unknown[]) => void) {
    super();
    this.#relay = relay;
  }

  override warn(
    kind: SourceWarning["kind"],
    { archive, member }: MemberPlace,
    message: string,
    { item, cause }: WarnOptions = {},
  ): void {
    this.#relay(kind, { archive, member }, message, item, cause);
  }
}

/** Takes what {@linkcode RelayedWarnings} has relayed. */
export function warnedBy(
  warnings: SourceWarnings,
): (...warning: unknown[]) => void {
  return (kind, place, message, item, cause) =>
    warnings.warn(
      kind as SourceWarning["kind"],
      place as MemberPlace,
      String(message),
      { item: item as string | undefined, cause },
    );
}
