import { defineConfig } from "vitest/config";

// Two workers: the suite must leave a small machine usable, and a test that needs more is a smell.
export default defineConfig({
  test: {
    include: ["src-*/**/*.test.ts", "src-*/**/*.test.tsx", "scripts/**/*.test.ts"],
    environment: "node",
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 20_000,
    restoreMocks: true,
  },
});
