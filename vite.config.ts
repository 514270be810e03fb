/** Builds what a browser engine loads: the page into `dist/page`. It is the same page in the window and in a browser. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'renderer',
  // Relative: the page lies under the window's own scheme as well as under a host's address.
  base: './',
  plugins: [react()],
  build: { outDir: '../dist/page', emptyOutDir: true, target: 'chrome130', sourcemap: false, chunkSizeWarningLimit: 1_000, assetsInlineLimit: 0 },
});
