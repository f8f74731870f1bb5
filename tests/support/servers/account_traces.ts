import { ACCOUNT } from "./fake_crcns.ts";

/** Forms in which the account could leak into a text. */
const FORMS = Object.values(ACCOUNT).flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  new URLSearchParams({ x: secret }).toString().slice(2),
  JSON.stringify(secret).slice(1, -1),
  btoa(secret),
]);

/** Forms of the account in a text; empty if it leaks nothing. */
export function tracesIn(text: string): string[] {
  return FORMS.filter((form) => text.includes(form));
}

/** Forms of the account in an error and everything attached to it. */
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
