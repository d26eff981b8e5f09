/** Loopback in the forms that sockets and host names take. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/, "").replace(/^\[|\]$/g, "");
  return plain === "localhost" || plain === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(plain);
}

/** The host of a `Host` header without its port. */
export const hostName = (host: string): string => host.replace(/:\d+$/, "").toLowerCase();

/**
 * Whether a page of another site made the request. Browsers say so (Fetch Metadata, `Origin`); a program that says neither is no
 * browser and carries no cookie that it was not given.
 */
export function isCrossSite(headers: {
  readonly origin: string | undefined;
  readonly host: string | undefined;
  readonly fetchSite: string | undefined;
}): boolean {
  if (headers.fetchSite !== undefined && headers.fetchSite !== "same-origin" && headers.fetchSite !== "none")
    return true;
  if (headers.origin === undefined) return false;
  try {
    return new URL(headers.origin).host !== headers.host?.toLowerCase();
  } catch {
    return true; // "null" and anything that is no origin
  }
}
