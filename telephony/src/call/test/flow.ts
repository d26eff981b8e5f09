import type { FlowMessage } from "../../trunk/set-up.ts";

/** A flow for tests of the machines. */
export const flow = (change: Partial<FlowMessage> = {}): FlowMessage => ({
  id: "flow",
  name: "flow",
  language: "en",
  greeting: "hello",
  menuPrompt: "press one or zero",
  menu: [
    { digit: "1", action: "say", text: "nine to five", queueId: "", flowId: "" },
    { digit: "0", action: "handoff", text: "", queueId: "", flowId: "" },
    { digit: "2", action: "language", text: "", queueId: "", flowId: "zh" },
    { digit: "9", action: "hang-up", text: "", queueId: "", flowId: "" },
    { digit: "*", action: "repeat", text: "", queueId: "", flowId: "" },
  ],
  queueId: "queue",
  noInputPrompt: "are you there",
  noMatchPrompt: "pardon",
  handoffPrompt: "one moment",
  messagePrompt: "leave a message",
  goodbyePrompt: "goodbye",
  noInputMs: 6000,
  maxNoInput: 3,
  ...change,
});
