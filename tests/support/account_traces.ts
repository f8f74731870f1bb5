import { ACCOUNT } from "./fake_crcns.ts";

/** The account in the forms in which it could get into a text. */
const FORMS = Object.values(ACCOUNT).flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  new URLSearchParams({ x: secret }).toString().slice(2),
  JSON.stringify(secret).slice(1, -1),
  btoa(secret),
]);

/** What of the account a text tells; empty where it tells nothing. */
export function tracesIn(text: string): string[] {
  return FORMS.filter((form) => text.includes(form));
}

/** What of the account an error tells, in whatever is attached to it. */
export function tracesInError(error: unknown): string[] {
  const shown = Deno.inspect(error, {
    depth: 100,
    showHidden: true,
    getters: true,
  });
  const causes: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    causes.push(String(at.stack), at.message);
  }
  return tracesIn([shown, ...causes].join("\n"));
}
