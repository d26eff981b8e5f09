import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/**
 * The console is served from one origin under a strict policy: nothing is written into the page as `data:` script or inline
 * script, and every asset is a file of ours. `INTRAMUROS_API` names an appliance to develop against.
 */
const api = process.env.INTRAMUROS_API ?? "http://127.0.0.1:8080";
export default defineConfig({
  plugins: [react()],
  // another workspace brings an older React to the root: everything of the console uses its own
  resolve: { dedupe: ["react", "react-dom"] },
  build: {
    target: "es2023",
    outDir: "dist",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { "/api": { target: api, ws: true }, "/chat": { target: api, ws: true } } },
});
