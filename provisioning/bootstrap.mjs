#!/usr/bin/env node
// The one door of every npm script. Runs on any Node ≥ 20 with nothing installed: brings dependencies, Debian packages and the
// console's build into the state that the checkout asks for, then hands over to the pinned Node. Plain JavaScript on purpose.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const pinnedNode = path.join(root, "node_modules/.bin/node");

/** Debian packages by the command that proves them. Licences: see NOTICE. */
const RUN_PACKAGES = [{ name: "espeak-ng", proof: "/usr/bin/espeak-ng" }];
const TEST_PACKAGES = [
  { name: "sip-tester", proof: "/usr/bin/sipp" },
  { name: "baresip-core", proof: "/usr/bin/baresip" },
  { name: "linphone-cli", proof: "/usr/bin/linphonec" },
  { name: "kamailio", proof: "/usr/sbin/kamailio" },
  { name: "sipvicious", proof: "/usr/bin/svmap" },
  { name: "kamailio-tls-modules", proof: "/usr/share/doc/kamailio-tls-modules" },
  { name: "tshark", proof: "/usr/bin/tshark" },
  { name: "sngrep", proof: "/usr/bin/sngrep" },
  { name: "ffmpeg", proof: "/usr/bin/ffmpeg" },
  { name: "procps", proof: "/usr/bin/pgrep" },
  { name: "chromium", proof: "/usr/bin/chromium" },
  { name: "fonts-noto-cjk", proof: "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc" },
  { name: "asterisk-core-sounds-en-wav", proof: "/usr/share/asterisk/sounds/en_US_f_Allison" },
];

/** Commands: the script that the pinned Node runs, and what has to be there before. */
const COMMANDS = {
  start: { script: "provisioning/src/start/main.ts", needs: ["packages", "console"] },
  stop: { script: "provisioning/src/start/stop.ts", needs: [] },
  status: { script: "provisioning/src/start/status.ts", needs: [] },
  test: { script: "provisioning/src/test/main.ts", needs: ["packages", "test-packages", "console"] },
  e2e: {
    script: "provisioning/src/test/main.ts",
    args: ["--only", "e2e"],
    needs: ["packages", "test-packages", "console"],
  },
  conformance: { script: "telephony/conformance/main.ts", needs: ["test-packages"] },
  bench: { script: "provisioning/src/bench/main.ts", needs: ["packages", "test-packages"] },
  call: { script: "telephony/src/commissioning/main.ts", needs: [] },
  audit: { script: "appliance/src/audit/main.ts", needs: [] },
  trunk: { script: "provisioning/src/trunk/main.ts", needs: [] },
  screenshots: { script: "admin-ui/e2e/screenshots.ts", needs: ["test-packages"] },
};

const say = (line) => process.stderr.write(`${line}\n`);

function stopWith(problem, remedy) {
  say(`\n  Cannot go on: ${problem}\n  ${remedy}\n`);
  process.exit(1);
}

function run(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(path.join(root, file)))
      .update("\0");
  return hash.digest("hex");
}

function filesBelow(folder) {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)))
    .filter((file) => !file.includes("node_modules") && !file.includes(`${path.sep}dist${path.sep}`))
    .sort();
}

/** Runs `make` unless the stamp says that it was done for these inputs. */
function once(stamp, inputs, make) {
  const file = path.join(root, stamp);
  const wanted = hashOf(inputs);
  if (existsSync(file) && readFileSync(file, "utf8") === wanted) return;
  make();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, wanted);
}

function installDependencies() {
  once("node_modules/.intramuros-stamp", ["package-lock.json", ".npmrc"], () => {
    say("• Installing the packages of package-lock.json (once; about 600, 1.2 GB on disk) …");
    const result = run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
    });
    if (result.error)
      stopWith(
        "npm is not installed.",
        "Install npm beside Node, e.g. `apt-get install npm`, and run the command again.",
      );
    if (result.status !== 0)
      stopWith(
        "npm could not install the dependencies (see its message above).",
        "Check that the npm registry or your mirror can be reached, then run the command again; what is there already is kept.",
      );
  });
  const probe = spawnSync(pinnedNode, ["--version"], { encoding: "utf8" });
  if (probe.status !== 0) {
    stopWith(
      `the pinned Node does not run on this machine (${process.platform} ${process.arch}).`,
      "Linux on x64 or arm64 with glibc is needed.",
    );
  }
}

function ensureDebianPackages(packages) {
  const missing = packages.filter((entry) => !existsSync(entry.proof)).map((entry) => entry.name);
  if (missing.length === 0) return;
  const isRoot = process.getuid?.() === 0;
  const manual = `${isRoot ? "" : "sudo "}apt-get update && ${isRoot ? "" : "sudo "}apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  const maySudo = isRoot || spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
  if (!existsSync("/usr/bin/apt-get") || !maySudo)
    stopWith(
      `these Debian packages are missing: ${missing.join(", ")}.`,
      `Run this, then the command again:\n\n    ${manual}`,
    );
  say(`• Installing Debian packages: ${missing.join(", ")} …`);
  const aptRun = (args) =>
    run(isRoot ? "apt-get" : "sudo", [...(isRoot ? [] : ["-n", "apt-get"]), ...args], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  aptRun(["update", "-qq"]);
  const result = withoutStarting(isRoot, () => aptRun(["install", "-y", "-qq", "--no-install-recommends", ...missing]));
  const left = packages.filter((entry) => !existsSync(entry.proof)).map((entry) => entry.name);
  if (result.status !== 0 || left.length > 0)
    stopWith(
      `Debian packages could not be installed: ${left.join(", ") || missing.join(", ")}.`,
      `Try by hand:\n\n    ${manual}`,
    );
}

/** Packages that are only programs to us must not start their daemons: Kamailio's would take port 5060. */
function withoutStarting(isRoot, install) {
  const policy = "/usr/sbin/policy-rc.d";
  const asRoot = (line) => spawnSync(isRoot ? "sh" : "sudo", isRoot ? ["-c", line] : ["-n", "sh", "-c", line]);
  const ours = !existsSync(policy);
  if (ours) asRoot(`printf '#!/bin/sh\\nexit 101\\n' > ${policy} && chmod 755 ${policy}`);
  try {
    return install();
  } finally {
    if (ours) asRoot(`rm -f ${policy}`);
    if (existsSync("/run/systemd/system")) asRoot("systemctl disable --quiet kamailio 2>/dev/null");
  }
}

function buildConsole() {
  const inputs = [
    ...filesBelow("admin-ui/src"),
    ...filesBelow("appliance/contracts/src"),
    "admin-ui/index.html",
    "admin-ui/vite.config.ts",
    "package-lock.json",
  ];
  once("admin-ui/dist/.intramuros-stamp", inputs, () => {
    say("• Building the console …");
    const result = run(pinnedNode, [path.join(root, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], {
      cwd: path.join(root, "admin-ui"),
    });
    if (result.status !== 0)
      stopWith(
        "the console could not be built (see above).",
        "This is a fault of the checkout: compare it with a clean clone.",
      );
  });
}

const [name = "", ...rest] = process.argv.slice(2);
const command = COMMANDS[name];
if (Number(process.versions.node.split(".")[0]) < 20)
  stopWith(
    `Node ${process.versions.node} is too old.`,
    "Install Node 20 or newer; the project brings its own newer Node from there on.",
  );
if (process.platform !== "linux")
  stopWith(`${process.platform} is not supported.`, "Use Debian 12 or a similar Linux.");
if (!command) stopWith(`unknown command "${name}".`, `Known: ${Object.keys(COMMANDS).join(", ")}.`);

installDependencies();
if (command.needs.includes("packages")) ensureDebianPackages(RUN_PACKAGES);
if (command.needs.includes("test-packages")) ensureDebianPackages(TEST_PACKAGES);
if (command.needs.includes("console")) buildConsole();

const workingFolder = process.env.INIT_CWD ?? process.cwd();
const child = spawn(pinnedNode, [path.join(root, command.script), ...(command.args ?? []), ...rest], {
  stdio: "inherit",
  cwd: workingFolder,
  env: {
    ...process.env,
    INTRAMUROS_HOME: process.env.INTRAMUROS_HOME
      ? path.resolve(workingFolder, process.env.INTRAMUROS_HOME)
      : path.join(root, "data"),
    PATH: `${path.join(root, "node_modules/.bin")}:${process.env.PATH ?? ""}`,
  },
});
// The child shares the terminal, so Ctrl-C reaches it by itself; here we only wait for its end.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
