import { trunkInput } from "@intramuros/contracts";
import { describe, expect, it } from "vitest";
import { inviteTerms, sessionTerms } from "./session-terms.ts";

type Session = NonNullable<Parameters<typeof trunkInput>[0]["session"]>;
const form = (session: Session = {}) => trunkInput({ name: "t", session }).session;
const terms = (headers: Record<string, string>, session: Session = {}, sdp = "v=0") =>
  sessionTerms(form(session), (name) => headers[name], sdp);

describe("what an INVITE of the PBX asks of the session", () => {
  it("nothing: nothing is answered", () => {
    expect(terms({})).toEqual({ answerHeaders: {}, provisional: null, ringMs: 0 });
  });
  it("a timer: the PBX refreshes when it can, within our limits", () => {
    const headers = { supported: "timer, 100rel", "session-expires": "90000" };
    expect(terms(headers)).toMatchObject({
      answerHeaders: { "Session-Expires": "1800;refresher=uac", Require: "timer" },
    });
    expect(terms({ ...headers, "session-expires": "120;refresher=uas" })).toMatchObject({
      answerHeaders: { "Session-Expires": "120;refresher=uas" },
    });
    expect(terms(headers, { timers: "off" })).toMatchObject({ answerHeaders: {} });
  });
  it("a trunk that insists on timers refreshes by itself when the PBX cannot", () => {
    const { answerHeaders } = terms({}, { timers: "require", refresher: "uac" }) as never as {
      answerHeaders: Record<string, string>;
    };
    expect(answerHeaders["Session-Expires"]).toBe("1800;refresher=uas");
    expect(answerHeaders).not.toHaveProperty("Require");
  });
  it("a timer that is too brief is refused with the one we take", () => {
    const headers = { supported: "timer", "session-expires": "60" };
    expect(terms(headers)).toMatchObject({ sipCode: 422, headers: { "Min-SE": "90" } });
  });
  it("100rel is done when both can, refused when the trunk has it off, asked for when it must be", () => {
    const ring = { ringBeforeAnswer: "183" } as const;
    expect(terms({ supported: "100rel" }, ring)).toMatchObject({ provisional: { sipCode: 183, isReliable: true } });
    expect(terms({}, ring)).toMatchObject({ provisional: { isReliable: false } });
    expect(terms({ require: "100rel" }, { ...ring, prack: "off" })).toMatchObject({
      sipCode: 420,
      headers: { Unsupported: "100rel" },
    });
    expect(terms({}, { prack: "required" })).toMatchObject({ sipCode: 421, headers: { Require: "100rel" } });
  });
  it("preconditions are refused in plain words, by either of their signs", () => {
    expect(terms({ require: "precondition, 100rel" })).toMatchObject({
      sipCode: 420,
      headers: { Unsupported: "precondition" },
    });
    expect(terms({}, {}, "a=des:qos mandatory local sendrecv")).toMatchObject({ sipCode: 580 });
    expect(terms({ supported: "precondition" }, {}, "a=des:qos optional local sendrecv")).toHaveProperty(
      "answerHeaders",
    );
  });
});

describe("what our INVITE asks for", () => {
  it("is what the form says", () => {
    expect(inviteTerms(form())).toEqual({
      Supported: "replaces, timer, 100rel",
      "Session-Expires": "1800",
      "Min-SE": "90",
    });
    expect(inviteTerms(form({ timers: "off", prack: "required" }))).toEqual({
      Supported: "replaces",
      Require: "100rel",
    });
  });
});
