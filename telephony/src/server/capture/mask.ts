/**
 * Takes out of a message what would help somebody to call on another's account or to decrypt audio: the proof in Authorization and
 * Proxy-Authorization, and the keys of SDES (RFC 4568). Stars of the same number take their place, so that lengths stay right.
 */
export function maskSecrets(data: Buffer): Buffer {
  const text = data.toString("latin1");
  if (!SECRET.test(text)) return data;
  return Buffer.from(
    text
      .replace(CREDENTIALS, (_all, name: string, value: string) => name + maskCredentials(value))
      .replace(SDES_KEY, (_all, name: string, key: string) => name + stars(key)),
    "latin1",
  );
}

const SECRET = /authorization[ \t]*:|inline:/i;
/** With the lines that continue it. */
const CREDENTIALS = /^((?:proxy-)?authorization[ \t]*:[ \t]*)(.*(?:\r?\n[ \t].*)*)/gim;
const SDES_KEY = /(\binline:)([A-Za-z0-9+/=]+)/g;

/** Of Digest only the response; of every other scheme all of it. */
function maskCredentials(value: string): string {
  if (!/^digest\s/i.test(value)) return value.replace(/[^\s]/g, "*");
  return value.replace(
    /(\bresponse[ \t]*=[ \t]*"?)([^",\s]*)/gi,
    (_all, name: string, proof: string) => name + stars(proof),
  );
}

const stars = (text: string): string => "*".repeat(text.length);
