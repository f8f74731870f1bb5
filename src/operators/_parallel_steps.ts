import type { MonoTypeOperatorFunction } from "rxjs";
import type { Session } from "../session.ts";
import { parallel } from "./parallel.ts";

/** `parallel()`, where an option of a pipeline asks for it. */
export function parallelSteps(
  asked: boolean | number = false,
): MonoTypeOperatorFunction<Session>[] {
  if (asked === false) return [];
  return [parallel(asked === true ? {} : { workers: asked })];
}
