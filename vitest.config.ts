import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{appliance,telephony,inference,admin-ui,provisioning}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/data/**"],
    testTimeout: 20_000,
    pool: "forks",
  },
});
