import { type App, SDP, startApp } from "./sip-support.ts";

/** An application as a process of its own, to be killed: answers every call, says `up` for each. Argument: control port. */
await startApp(Number(process.argv[2]), (app: App) => {
  app.invite((req, res) => {
    if (req.get("X-Ring") === "yes") {
      res.send(180);
      process.send?.("ringing");
      return;
    }
    app.createUAS(req, res, { localSdp: SDP }).then(
      () => process.send?.("up"),
      () => {},
    );
  });
});
process.send?.("connected");
