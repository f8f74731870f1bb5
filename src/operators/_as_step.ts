import { defer, type MonoTypeOperatorFunction, of, tap } from "rxjs";
import { type Call, withStep } from "../_recipe.ts";
import type { Session } from "../session.ts";

/**
 * The same operator, whose sessions tell how another thread makes it. It must
 * give each session at once, and keep no state between sessions.
 */
export function asStep(
  call: Call,
  operator: MonoTypeOperatorFunction<Session>,
): MonoTypeOperatorFunction<Session> {
  const { name } = call;
  const apply = (session: Session): Session => {
    let after = session;
    of(session).pipe(operator).subscribe((mapped) => after = mapped);
    return after;
  };
  return (sessions) =>
    defer(() => {
      let before: Session;
      return sessions.pipe(
        tap((session) => before = session),
        operator,
        tap((after) => withStep(after, before, { name, call, apply })),
      );
    });
}
