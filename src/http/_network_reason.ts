/**
 * Reason of a failed request, without addresses: that of a redirect may carry a
 * signature.
 */
export function networkReason(error: TypeError): string {
  const { cause } = error;
  const text = cause instanceof Error ? cause.message : error.message;
  const reason = /client error \([^()]*\): (.*)$/s.exec(text)?.[1];
  if (reason !== undefined) return reason;
  return text.includes("://") ? "the request failed" : text;
}
