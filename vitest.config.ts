import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
    environment: "node",
    // tfjs advertises its native package whenever its reference backend is first used.
    onConsoleLog: (log) => !log.includes("running TensorFlow.js in Node.js"),
    setupFiles: "tests/support/seed.ts",
    globalSetup: "tests/support/fresh-build.ts",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
