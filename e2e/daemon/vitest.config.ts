import { defineConfig } from "vitest/config";

// Real processes and real time: one file after the other, and time for a cluster to agree.
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["e2e/daemon/**/*.e2e.ts"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
