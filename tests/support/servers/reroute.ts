/**
 * Loaded before a program: sends its requests to other origins, as the variable
 * REROUTE says (a JSON object of origins). A request to any other origin fails.
 */
const routes: Record<string, string> = JSON.parse(
  Deno.env.get("REROUTE") ?? "{}",
);
const platform = globalThis.fetch;

globalThis.fetch = (input, init): Promise<Response> => {
  const url = new URL(input instanceof Request ? input.url : input);
  const origin = routes[url.origin];
  if (origin === undefined) throw new TypeError(`no route to ${url.origin}`);
  return platform(new URL(url.pathname + url.search, origin), init);
};
