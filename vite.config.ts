import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The page runs under `script-src 'self'; style-src 'self'`: nothing may be inlined, not even a
// small asset or the module preload polyfill.
export default defineConfig({
  root: "src-renderer",
  base: "./",
  publicDir: "public",
  plugins: [react()],
  worker: { format: "es" },
  build: {
    outDir: "../dist/renderer",
    emptyOutDir: true,
    target: "chrome140",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2_000,
  },
});
