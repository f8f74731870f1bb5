import { DataError, OutputError } from "rxephys";

/** Ends the program with one line, not a stack, for errors that the user can fix. */
export function exitOnError(): void {
  addEventListener("unhandledrejection", (event) => {
    const { reason } = event;
    const isFixable = [
      DataError,
      OutputError,
      RangeError,
      ...Object.values(Deno.errors),
    ].some((known) => reason instanceof known);
    if (!isFixable) return;
    event.preventDefault();
    console.error(`error: ${reason.message}`);
    Deno.exit(1);
  });
}
