// What pm2-runtime starts and restarts under `npm start`, and on sites without systemd. Needs INTRAMUROS_HOME and PM2_DISCRETE_MODE=true
// in its environment. Each process runs as `node main.ts` with nothing of pm2 inside it: the same that runs under systemd.
const path = require("node:path");

const root = path.resolve(__dirname, "..");
const home = process.env.INTRAMUROS_HOME;

const house = (name, main) => ({
  name,
  script: process.execPath,
  args: [path.join(root, main)],
  interpreter: "none",
  exec_mode: "fork",
  cwd: root,
  env: { INTRAMUROS_HOME: home, NODE_ENV: "production" },
  autorestart: true,
  exp_backoff_restart_delay: 100,
  kill_timeout: 9000,
  out_file: path.join(home, "logs", `${name}.log`),
  error_file: path.join(home, "logs", `${name}.log`),
  merge_logs: true,
  vizion: false,
  pmx: false,
  automation: false,
  treekill: false,
});

module.exports = {
  apps: [
    house("sip", "telephony/src/server/main.ts"),
    house("inference", "inference/src/main.ts"),
    house("telephony", "telephony/src/main.ts"),
    house("appliance", "appliance/src/main.ts"),
  ],
};
