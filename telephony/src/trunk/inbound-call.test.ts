import { trunkInput } from "@intramuros/contracts";
import { describe, expect, it } from "vitest";
import { flowAt, readInvite, replacesOf, requestUser } from "./inbound-call.ts";
import type { SetupMessage, TrunkMessage } from "./set-up.ts";

type Given = Parameters<typeof trunkInput>[0];
const trunk = (change: Partial<Given> = {}): TrunkMessage => ({ ...trunkInput({ name: "t", ...change }), id: "t" });
const invite = (uri: string, headers: Record<string, string> = {}) => ({
  uri,
  header: (name: string) => headers[name],
  sdp: "",
});

describe("what an INVITE of a trunk means", () => {
  it("is the number dialled, as the rules write it", () => {
    const numbering = { inboundDialled: [{ pattern: "+86108*", strip: 5, prepend: "" }] };
    expect(readInvite(trunk({ numbering }), invite("sip:+861088001@us:5060;user=phone")).dialled).toBe("88001");
  });
  it("is the number in To when the call comes to what we registered", () => {
    const ours = trunk({ mode: "register", account: { username: "1000" } });
    const headers = { to: '"Desk" <sip:8001@pbx>' };
    expect(readInvite(ours, invite("sip:1000@us;line=ab", headers)).dialled).toBe("8001");
    expect(readInvite(ours, invite("sip:8002@us", headers)).dialled).toBe("8002");
    expect(requestUser("sip:1000@us;line=ab")).toEqual({ user: "1000", line: "ab" });
  });
  it("keeps what goes along, unless the trunk drops it", () => {
    const headers = { "user-to-user": "41", diversion: "<sip:1@x>", from: "<sip:9@x>" };
    expect(readInvite(trunk(), invite("sip:1@us", headers)).passed).toMatchObject({
      userToUser: "41",
      diversion: "<sip:1@x>",
    });
    const identity = { userToUser: "drop", diversion: "drop" } as const;
    expect(readInvite(trunk({ identity }), invite("sip:1@us", headers)).passed).toEqual({
      ...{ userToUser: "", diversion: "", historyInfo: "" },
    });
  });
});

describe("where a number leads", () => {
  const flow = (id: string) => ({ id }) as SetupMessage["flows"][number];
  const setup = (closedFlowId: string): SetupMessage => ({
    ...{ revision: 1, trunks: [], queues: [], phones: [], flows: [flow("day"), flow("night")] },
    numbers: [{ id: "n", trunkId: "", pattern: "8*", flowId: "day", calendarId: "c", closedFlowId }],
    calendars: [
      {
        ...{ id: "c", name: "c", timeZone: "UTC", holidays: [], workdays: [] },
        hours: [{ weekday: 1, from: "09:00", to: "17:00" }],
      },
    ],
  });
  const at = (time: string, closedFlowId = "night") =>
    flowAt(setup(closedFlowId), { trunkId: "t", dialled: "8001", unixMs: Date.parse(time) })?.flow.id;
  it("is another flow outside of the hours", () => {
    expect(at("2026-11-23T10:00:00Z")).toBe("day");
    expect(at("2026-11-23T18:00:00Z")).toBe("night");
    expect(at("2026-11-23T18:00:00Z", "gone")).toBe("day");
    expect(flowAt(setup(""), { trunkId: "t", dialled: "9", unixMs: 0 })).toBeNull();
  });
});

describe("a call that takes the place of another", () => {
  it("names its dialog from the other's view", () => {
    expect(replacesOf("abc@pbx;to-tag=1;from-tag=2;early-only")).toEqual({
      ...{ callId: "abc@pbx", localTag: "1", remoteTag: "2", earlyOnly: true },
    });
    expect(replacesOf("abc@pbx;to-tag=1")).toBeNull();
    expect(replacesOf("abc")).toBeNull();
  });
});
