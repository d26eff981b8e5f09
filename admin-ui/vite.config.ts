import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const dist = path.join(import.meta.dirname, "dist");
/** Built beside and then put in place, so that an appliance that is serving is never without a console. */
const next = path.join(import.meta.dirname, `.cache/dist-${process.pid}`);

function putInPlace(): Plugin {
  return {
    name: "put-in-place",
    apply: "build",
    closeBundle(error) {
      if (error !== undefined) return;
      compress(path.join(next, "assets"));
      const old = `${next}-old`;
      if (existsSync(dist)) renameSync(dist, old);
      renameSync(next, dist);
      rmSync(old, { recursive: true, force: true });
    },
  };
}

/** Compressed copies of the assets beside them, so that the appliance compresses nothing while it serves. */
function compress(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => /\.(js|css)$/.test(each))) {
    const file = path.join(folder, name);
    const bytes = readFileSync(file);
    if (bytes.length < 1024) continue;
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

/**
 * The console is served from one origin under a strict policy: no asset is inlined, and nothing is written into the page as
 * inline script. `INTRAMUROS_API` names an appliance to develop against.
 */
const api = process.env.INTRAMUROS_API ?? "http://127.0.0.1:8080";
export default defineConfig({
  plugins: [react(), putInPlace()],
  // another workspace brings an older React to the root: everything of the console uses its own
  resolve: { dedupe: ["react", "react-dom"] },
  build: {
    target: "es2023",
    outDir: next,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { "/api": { target: api, ws: true }, "/chat": { target: api, ws: true } } },
});
