/**
 * The console's policy. No inline script at all. Styles: our own files, and `<style>` elements that carry the page's nonce, which is
 * how Ant Design brings its styles (ConfigProvider `csp`). No `style=""` in markup is needed: React and ECharts set styles through
 * the CSSOM, which the policy does not touch.
 */
export const consolePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

/** Answers that are not pages. */
export const replyPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
