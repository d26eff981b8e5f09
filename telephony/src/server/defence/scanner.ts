import { type Essentials, headerOf, type SipRequest } from "../message/index.ts";

/**
 * Whether a new request is a scanner's: by the name it gives itself, one of `names` anywhere in User-Agent, or by how sipvicious writes
 * its requests whatever name it was told to give. Such a request gets no answer, so that the scanner learns nothing.
 */
export function isScanner(request: SipRequest, fields: Essentials, names: readonly string[]): boolean {
  // `names` are in lower case.
  const agent = headerOf(request, "user-agent");
  if (agent !== null && agent !== "") {
    const text = agent.toLowerCase();
    for (const name of names) if (text.includes(name)) return true;
  }
  return isSipvicious(request, fields);
}

/** Address that sipvicious gives as its own, which it never is. */
const NOWHERE = "@1.1.1.1";

function isSipvicious(request: SipRequest, fields: Essentials): boolean {
  // Its branches are the cookie, a dash and up to ten digits: few others' are, so that the rest is seldom looked at.
  if (!/^z9hG4bK-\d{1,10}$/.test(fields.branch)) return false;
  if (fields.from.startsWith('"sipvicious"') || fields.from.includes(NOWHERE)) return true;
  const contact = headerOf(request, "contact");
  if (contact === null || contact.includes("<")) return false;
  // One who calls himself, by a name that is his number, with no blank before the bracket.
  return contact.includes(NOWHERE) || (/^"([^"]*)"<sip:\1@/.test(fields.from) && fields.from.startsWith(fields.to));
}
