/** Rights of the page: its own scripts, none inline, data of any server. */
const DIRECTIVES = [
  "default-src 'none'",
  // The kernels are WebAssembly; nothing else is evaluated.
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self' https: http://127.0.0.1:* http://localhost:*",
  "base-uri 'none'",
  "form-action 'none'",
  // No text becomes markup or a script, whatever the page does.
  "require-trusted-types-for 'script'",
  "trusted-types rxephys",
];

/** The page's Content-Security-Policy, as a `<meta>` holds it. */
export const PAGE_POLICY: string = DIRECTIVES.join("; ");

/** Headers of all answers of the local server. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": `${PAGE_POLICY}; frame-ancestors 'none'`,
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};
