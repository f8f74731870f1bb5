import { DataError } from "rxephys";

/** Ends the program with one line for what the user can mend, no stack. */
export function exitOnError(): void {
  addEventListener("unhandledrejection", (event) => {
    const { reason } = event;
    if (!(reason instanceof DataError || reason instanceof RangeError)) return;
    event.preventDefault();
    console.error(`error: ${reason.message}`);
    Deno.exit(1);
  });
}
