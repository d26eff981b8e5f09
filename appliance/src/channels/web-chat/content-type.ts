/** What a customer may send: pictures, documents, plain text. Told by the first bytes, never by the name or what the browser claims. */
export type Allowed = { readonly mediaType: string; readonly extension: string };

export const SNIFF_BYTES = 4_096;

const SIGNATURES: readonly (readonly [bytes: readonly number[], offset: number, type: Allowed])[] = [
  [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 0, { mediaType: "image/png", extension: "png" }],
  [[0xff, 0xd8, 0xff], 0, { mediaType: "image/jpeg", extension: "jpg" }],
  [[0x47, 0x49, 0x46, 0x38], 0, { mediaType: "image/gif", extension: "gif" }],
  [[0x57, 0x45, 0x42, 0x50], 8, { mediaType: "image/webp", extension: "webp" }],
  [[0x25, 0x50, 0x44, 0x46, 0x2d], 0, { mediaType: "application/pdf", extension: "pdf" }],
];

/** The type of a file by its beginning (the first `SNIFF_BYTES`, or all of it); null: not one that we take. */
export function sniff(head: Uint8Array): Allowed | null {
  for (const [bytes, offset, type] of SIGNATURES) {
    if (bytes.every((byte, index) => head[offset + index] === byte)) return type;
  }
  return isText(head) ? { mediaType: "text/plain", extension: "txt" } : null;
}

/** UTF-8 without control characters, and not something a browser would run as a page. */
function isText(head: Uint8Array): boolean {
  if (head.length === 0) return false;
  let text: string;
  try {
    // `stream` lets the last character be cut by the end of the sample.
    text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: head.length >= SNIFF_BYTES });
  } catch {
    return false;
  }
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if ((code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) || code === 0x7f) return false;
  }
  return !/^\s*<(!doctype|html|svg|\?xml|script)/i.test(text);
}

/**
 * A name that is safe to show, to keep and to offer for download: no path, no control or direction-changing characters, at most 100
 * characters, with the extension of what the file really is.
 */
export function cleanName(name: string, extension: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? "";
  const plain = last
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"|?*]/gu, "")
    .replace(/^[.\s]+|[.\s]+$/gu, "");
  const stem = plain.replace(/\.[^.]{1,10}$/u, "");
  return `${[...(stem || "file")].slice(0, 90).join("")}.${extension}`;
}
