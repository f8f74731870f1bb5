/**
 * What a failed request says of the way to the server, without any address: that
 * of a redirect can hold what nobody may read.
 */
export function networkReason(error: TypeError): string {
  const { cause } = error;
  const text = cause instanceof Error ? cause.message : error.message;
  const told = /client error \([^)]*\): (.*)$/s.exec(text);
  if (told) return told[1];
  return text.includes("://") ? "the request failed" : text;
}
