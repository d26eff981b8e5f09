// Stands in for the package's own `sipp.js`, which runs SIPp in containers: the same three functions, SIPp on loopback addresses.
const { spawn } = require("node:child_process");

const { SIPP_CALLER, SIPP_SERVER } = process.env;
const LIMIT_MS = 75_000;
/** As long as a container takes to start at least: the package's tests count on it that their application is connected by then. */
const START_MS = 800;
let printed = "";
let calls = 0;

async function run(args) {
  await new Promise((resolve) => setTimeout(resolve, START_MS));
  await new Promise((resolve, reject) => {
    const child = spawn("sipp", [...args, "-m", "1", "-nostdin"], { cwd: `${__dirname}/scenarios` });
    const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        printed += chunk;
      });
    }
    child.on("exit", (code) => {
      clearTimeout(timer);
      if (code === 0) resolve();
      else reject(new Error(`sipp ${args.join(" ")} ended with ${code}`));
    });
  });
}

module.exports = () => module.exports;
module.exports.output = () => printed;

/** A caller with a scenario of the package. */
module.exports.sippUac = (file) => {
  printed = "";
  calls++;
  const port = 6000 + 2 * calls;
  const mediaPort = 20_000 + 10 * calls; // SIPp takes several beside each other
  const name = ["-cid_str", `%u-%p@%s-${calls}`];
  return run(["-sf", file, "-i", SIPP_CALLER, "-p", String(port), "-mp", String(mediaPort), ...name, SIPP_SERVER]);
};

/** One called party, at the address that its name in the package was replaced with. */
module.exports.sippUas = (file, address) => run(["-sf", file, "-i", address, "-p", "5060", "-mp", "29900"]);
