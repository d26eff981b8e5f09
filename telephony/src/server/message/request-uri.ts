import { parseUri } from "./field.ts";

/**
 * What is wrong with a Request-URI: 416 for a scheme that is not ours (RFC 3261 §8.2.2.1), 400 for one that is malformed or carries
 * headers (§19.1.1), null when nothing is.
 */
export function requestUriFault(uri: string): 400 | 416 | null {
  if (parseUri(uri) !== null) return uri.includes("?") ? 400 : null;
  if (/^tel:[+\d*#().-]/i.test(uri)) return null;
  return /^[a-z][a-z0-9+.-]*:/i.test(uri) && !/^sips?:/i.test(uri) ? 416 : 400;
}
