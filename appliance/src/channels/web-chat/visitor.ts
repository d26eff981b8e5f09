import { createHash } from "node:crypto";

/** A visitor's token is 256 random bits in base64url; we keep only its name, a hash from which it cannot be found. */
export const isToken = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);
export const identityOf = (token: string): string => createHash("sha256").update(token).digest("hex").slice(0, 32);
