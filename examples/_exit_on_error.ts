import { DataError, OutputError } from "rxephys";

/** Ends the program with one line for what the user can mend, no stack. */
export function exitOnError(): void {
  addEventListener("unhandledrejection", (event) => {
    const { reason } = event;
    const isTheirs = [
      DataError,
      OutputError,
      RangeError,
      ...Object.values(Deno.errors),
    ].some((known) => reason instanceof known);
    if (!isTheirs) return;
    event.preventDefault();
    console.error(`error: ${reason.message}`);
    Deno.exit(1);
  });
}
