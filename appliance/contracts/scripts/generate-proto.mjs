// Writes src/gen from proto/*.proto. Run `npm run generate:proto` after a change; a test fails when the two differ.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const outDir = process.argv[2] ?? path.join(here, "../src/gen");
const loader = path.dirname(createRequire(import.meta.url).resolve("@grpc/proto-loader/package.json"));
const generator = path.join(loader, "build/bin/proto-loader-gen-types.js");

const protoDir = path.join(here, "../proto");

rmSync(outDir, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [
    generator,
    "--longs=Number",
    "--enums=String",
    "--defaults",
    "--oneofs",
    "--grpcLib=@grpc/grpc-js",
    "--importFileExtension=.ts",
    `--includeDirs=${protoDir}`,
    `--outDir=${outDir}`,
    "telephony.proto",
    "inference.proto",
    "sip.proto",
  ],
  { cwd: protoDir },
);
// The generator notes where each file came from, as a path of this machine: say it in a way that is true anywhere.
for (const entry of readdirSync(outDir, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = path.join(entry.parentPath, entry.name);
  const text = readFileSync(file, "utf8").replace(
    /^\/\/ Original file: .*$/gm,
    (line) => `// From proto/${path.basename(line)}`,
  );
  writeFileSync(file, text);
}
