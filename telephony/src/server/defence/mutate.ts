/** Messages spoilt at random, the same for the same seed: what a broken peer, a bad network or an attacker may send. */

/** Numbers from 0 (included) to `limit` (not). */
export type Dice = (limit: number) => number;

/** A small generator of good mixture (mulberry32). */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

export const pickOf = <T>(dice: Dice, list: readonly T[]): T => list[dice(list.length)]!;

const SPLINTERS = [
  ..."\0\t\n\r \"%&'()*+,-./:;<=>?@[\\]{|}~\x7f\x80\xff",
  "\r\n",
  "\r\n\r\n",
  "\n\n",
  "\r\n ",
  "SIP/2.0",
  "sip:",
  "tel:+1",
  ";tag=",
  ";lr",
  ";branch=z9hG4bK",
  ";rport",
  "<sip:[::1]:0>",
  "%00",
  "\xe4\xb8\xad\xe6\x96\x87",
  "\xc3\x28",
  "\xef\xbb\xbf",
  "9".repeat(40),
  "-1",
  "0x10",
  "1e9",
  "4294967296",
  "A".repeat(3000),
];
const LINES = [
  "Content-Length: 0",
  "l: 99999999999999999999",
  "Content-Length: -1",
  "Content-Length: 1, 2",
  "Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKextra",
  "Via: SIP/2.0/UDP [::1",
  "Route: <sip:10.0.0.1;lr>",
  "Route: ,,,",
  "Record-Route: <sip:p1;lr>, <sip:p2;lr>",
  "Contact: *",
  "Contact: <sip:x@[2001:db8::1]:5060;transport=tcp>;expires=60",
  "Contact: <",
  "Require: 100rel",
  "Supported: 100rel, timer, path, replaces",
  "RAck: 1 1 INVITE",
  "RSeq: 4294967295",
  "Session-Expires: 1",
  "Session-Expires: 1800;refresher=uac",
  "Min-SE: 99999999999",
  "Max-Forwards: 0",
  "Max-Forwards: -5",
  "Expires: 4294967295",
  "Event: presence;id=1",
  "Subscription-State: terminated",
  "Replaces: a;to-tag=b;from-tag=c",
  "Refer-To: <sip:a?Replaces=b%3Bto-tag%3Dc>",
  'Authorization: Digest username="a", realm="b", nonce="', // never closed
  "Timestamp: 1 2 3",
  ": empty",
  " folded",
  "X-Long: ".padEnd(20_000, "y"),
];

/** One to six spoilings of a message; another may lend a part of itself. */
export function mutate(bytes: Buffer, other: Buffer, dice: Dice): Buffer {
  let text = bytes.toString("latin1");
  for (let n = 1 + dice(6); n > 0; n--) text = spoil(text, other.toString("latin1"), dice);
  return Buffer.from(text.slice(0, 65_000), "latin1");
}

function spoil(text: string, other: string, dice: Dice): string {
  const at = dice(text.length + 1);
  switch (dice(12)) {
    case 0: // a byte is another
      return text.slice(0, at) + String.fromCharCode(dice(256)) + text.slice(at + 1);
    case 1: // a bit is flipped
      return at >= text.length
        ? text
        : text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << dice(8))) + text.slice(at + 1);
    case 2: // cut
      return dice(4) === 0 ? text.slice(0, at) : text.slice(0, at) + text.slice(at + 1 + dice(20));
    case 3: // said twice
      return text.slice(0, at + dice(40)) + text.slice(at);
    case 4: // spliced with another
      return text.slice(0, at) + other.slice(dice(other.length + 1));
    case 5:
    case 6: // something foreign put in
      return text.slice(0, at) + pickOf(dice, SPLINTERS) + text.slice(at + dice(3));
    case 7: // a number is huge, or none
      return text.replace(/\d+/g, (digits) =>
        dice(8) === 0 ? pickOf(dice, ["", "0", "-1", "65536", "9".repeat(30)]) : digits,
      );
    default: // whole lines: moved, lost, doubled, foreign
      return spoilLines(text, other, dice);
  }
}

function spoilLines(text: string, other: string, dice: Dice): string {
  const lines = text.split("\r\n");
  const from = dice(lines.length);
  const to = dice(lines.length);
  switch (dice(5)) {
    case 0:
      lines.splice(to, 0, ...lines.splice(from, 1));
      break;
    case 1:
      lines.splice(from, 1);
      break;
    case 2:
      lines.splice(to, 0, lines[from]!);
      break;
    case 3:
      lines.splice(1 + dice(lines.length), 0, pickOf(dice, LINES));
      break;
    default:
      lines.splice(to, dice(2), pickOf(dice, other.split("\r\n")));
  }
  return lines.join("\r\n");
}
