import type { Role } from "@intramuros/contracts/browser";

/** Groups a number as its readers do; what is not a number (a chat identity, a SIP name) stays as it is. */
export function groupPhone(address: string): string {
  const match = /^(\+)?([0-9]{3,20})$/.exec(address.replaceAll(/[ ()-]/g, ""));
  if (match === null) return address;
  const international = match[1] !== undefined;
  const digits = match[2] ?? "";
  if (international && digits.startsWith("86") && digits.length > 9) return `+86 ${groupNational(digits.slice(2))}`;
  if (international) return `+${digits.slice(0, 2)} ${groupsOf(digits.slice(2), 3)}`;
  return groupNational(digits);
}

function groupNational(digits: string): string {
  if (digits.length === 11 && digits.startsWith("1"))
    return `${digits.slice(0, 3)} ${digits.slice(3, 7)} ${digits.slice(7)}`;
  if (/^0(10|2[0-9])\d{8}$/.test(digits)) return `${digits.slice(0, 3)} ${digits.slice(3, 7)} ${digits.slice(7)}`;
  if (/^0[3-9]\d{9,10}$/.test(digits)) return `${digits.slice(0, 4)} ${groupsOf(digits.slice(4), 4)}`;
  if (/^[48]00\d{7}$/.test(digits)) return `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`;
  if (digits.length <= 6) return digits;
  return groupsOf(digits, digits.length % 4 === 0 ? 4 : 3);
}

function groupsOf(digits: string, size: number): string {
  const groups: string[] = [];
  let rest = digits;
  while (rest.length > size + 1) {
    groups.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  groups.push(rest);
  return groups.join(" ");
}

/** Roles that look at calls, not at people, see the ends of a number only. */
export function seesWholeNumbers(role: Role): boolean {
  return role !== "telephony-engineer" && role !== "auditor";
}

export function phoneFor(role: Role, address: string): string {
  const grouped = groupPhone(address);
  const digits = [...grouped].filter((char) => /\d/.test(char)).length;
  if (seesWholeNumbers(role) || grouped === address || digits < 7) return grouped;
  let seen = 0;
  return [...grouped]
    .map((char) => {
      if (!/\d/.test(char)) return char;
      seen++;
      return seen <= 3 || seen > digits - 4 ? char : "*";
    })
    .join("");
}
