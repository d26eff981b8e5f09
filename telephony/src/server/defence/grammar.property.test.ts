import fc from "fast-check";
import { expect, test } from "vitest";
import {
  headerOf,
  hostText,
  markVia,
  paramOf,
  parseMessage,
  parseNameAddr,
  parseUri,
  parseVia,
  readEssentials,
  splitList,
  tagOf,
} from "../message/index.ts";

/** What the grammar of RFC 3261 §25.1 allows, in its odd corners too, is read for what it is. */
const token = fc.stringMatching(/^[A-Za-z0-9\-.!%*_+`'~]{1,20}$/);
const blank = fc.constantFrom("", " ", "\t", "\r\n ", "\r\n\t  ");
const quoted = fc
  .array(
    fc.oneof(fc.stringMatching(/^[ !#-[\]-~\x80-\xff]$/), fc.constantFrom('\\"', "\\\\", ",", ";", "<", ">", "=")),
    { maxLength: 15 },
  )
  .map((parts) => `"${parts.join("")}"`);
const hextet = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
const host = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,8}(\.[a-z][a-z0-9-]{0,8}){0,3}$/),
  fc.ipV4(),
  fc.array(hextet, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(":")),
  fc.constantFrom("::1", "2001:db8::10:5070", "::ffff:192.0.2.1"),
);
const port = fc.option(fc.integer({ min: 1, max: 65_535 }));
const placeText = (name: string, number: number | null): string =>
  `${hostText(name)}${number === null ? "" : `:${number}`}`;
const user = fc.stringMatching(/^([A-Za-z0-9\-_.!~*'()&=+$,;?/]|%[0-9A-F]{2}){1,20}$/);
const uri = fc
  .record({
    scheme: fc.constantFrom("sip", "sips", "SIP"),
    user: fc.option(user),
    host,
    port,
    params: fc.array(token, { maxLength: 3 }),
  })
  .map((parts) => ({
    ...parts,
    text: `${parts.scheme}:${parts.user === null ? "" : `${parts.user}@`}${placeText(parts.host, parts.port)}${parts.params.map((name) => `;${name}=1`).join("")}`,
  }));
const address = fc.record({
  display: fc.oneof(fc.constant(""), quoted, token),
  uri,
  tag: token,
  other: fc.option(quoted),
});
type Address = typeof address extends fc.Arbitrary<infer T> ? T : never;
const addressText = ({ display, uri: { text }, tag, other }: Address): string =>
  `${display}${display === "" || display.endsWith('"') ? "" : " "}<${text}>${other === null ? "" : `;x=${other}`};tag=${tag}`;

test("a URI gives back its parts, whatever stands in its user", () => {
  fc.assert(
    fc.property(
      // A `?` in a user is told from the one before headers by the @ after it only: nobody else reads it so, and neither do we.
      uri.filter((parts) => parts.user === null || !parts.user.includes("?")),
      (parts) => {
        expect(parseUri(parts.text)).toMatchObject({
          scheme: parts.scheme.toLowerCase(),
          user: parts.user,
          host: parts.host,
          port: parts.port,
        });
      },
    ),
  );
});

test("an address gives back its URI and tag, and a list its members, with any marks inside quotes", () => {
  fc.assert(
    fc.property(
      fc.array(address, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(",", " , ", ",\t"),
      (list, comma) => {
        const texts = list.map(addressText);
        expect(splitList(texts.join(comma))).toEqual(texts);
        for (const [i, text] of texts.entries()) {
          expect(parseNameAddr(text)).toMatchObject({ uri: list[i]?.uri.text });
          expect(paramOf(parseNameAddr(text)?.params ?? "", "tag")).toBe(list[i]?.tag);
          expect(tagOf(text)).toBe(list[i]?.tag);
        }
      },
    ),
  );
});

test("a Via gives back its parts, before and after it is marked with where the request came from", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("UDP", "tcp", "TLS", "WSS", "X-Y"),
      host,
      port,
      token,
      fc.boolean(),
      (transport, name, number, branch, rport) => {
        const via = `SIP / 2.0 / ${transport}  ${placeText(name, number)} ;branch=z9hG4bK${branch}${rport ? ";rport" : ""}`;
        const marked = parseVia(markVia(`${via}, SIP/2.0/UDP other`, { received: "10.0.0.9", rport: 5099 }));
        for (const read of [parseVia(via), marked]) {
          expect(read).toMatchObject({ transport: transport.toUpperCase(), host: name, port: number });
          expect(paramOf(read?.params ?? "", "branch")).toBe(`z9hG4bK${branch}`);
        }
        expect(paramOf(marked?.params ?? "", "received")).toBe("10.0.0.9");
        expect(paramOf(marked?.params ?? "", "rport")).toBe("5099");
      },
    ),
  );
});

test("folded, blank-padded, compact and long headers are the same request", () => {
  fc.assert(
    fc.property(
      address,
      address,
      token,
      fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      blank,
      fc.boolean(),
      (from, to, callId, seq, fold, compact) => {
        const name = (long: string, short: string): string => (compact ? short : long);
        const text = [
          `${callId.replaceAll("%", "")}X sip:a@b SIP/2.0`,
          `${name("Via", "v")}:${fold}SIP/2.0/UDP h${fold};branch=z9hG4bK1`,
          `${name("From", "F")}${fold.includes("\r") ? "" : fold}:${fold} ${addressText(from)}`,
          `${name("To", "t")}:${fold}${addressText(to)}`,
          `${name("Call-ID", "i")}:${fold}${callId}`,
          `CSeq:${fold}${seq}${fold === "" ? " " : fold}${callId.replaceAll("%", "")}X`,
          `${name("Content-Length", "l")}:${fold}2`,
          "",
          "ok and more",
        ].join("\r\n");
        const message = parseMessage(Buffer.from(text, "latin1"));
        if (message.kind === "fault") throw new Error(message.reason);
        expect(message.body.toString()).toBe("ok");
        expect(headerOf(message, "content-length")).toBe("2");
        expect(readEssentials(message)).toMatchObject({
          branch: "z9hG4bK1",
          fromTag: from.tag,
          toTag: to.tag,
          callId,
          cseq: { number: seq },
        });
      },
    ),
  );
});
