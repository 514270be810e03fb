/**
 * What is built. `vite build`: the page, for a browser engine, into `dist/page`; it is the same in the window and in a browser. `vite build --mode app`:
 * the window's other processes, into `dist/{app,preload,core,compute,hana}`, as JavaScript that Electron's Node runs.
 */
import react from '@vitejs/plugin-react';
import { builtinModules } from 'node:module';
import { defineConfig, type EnvironmentOptions, type UserConfig } from 'vite';
import { calls } from './shared/contracts/calls.ts';

const page: UserConfig = {
  root: 'renderer',
  // Relative: the page lies under the window's own scheme as well as under a host's address.
  base: './',
  plugins: [react()],
  build: { outDir: '../dist/page', emptyOutDir: true, target: 'chrome130', sourcemap: false, chunkSizeWarningLimit: 1_000, assetsInlineLimit: 0 },
};

/** Loaded as they are: Electron itself, and packages with binaries or WebAssembly. */
const external = ['electron', 'better-sqlite3', 'node-llama-cpp', 'hdb', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

interface Bundle {
  readonly folder: string;
  readonly entries: Readonly<Record<string, string>>;
  readonly format?: 'es' | 'cjs';
}

/** Into a folder two levels deep, as the sources lie: `main/platform/project-files.ts` counts on it. */
const bundle = ({ folder, entries, format = 'es' }: Bundle): EnvironmentOptions => ({
  consumer: 'server',
  resolve: { noExternal: true, external, conditions: ['node', 'import', 'module', 'default'] },
  define: { __CALL_NAMES__: JSON.stringify(Object.keys(calls)) },
  build: {
    ssr: true,
    outDir: `dist/${folder}`,
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    sourcemap: false,
    copyPublicDir: false,
    rolldownOptions: {
      input: { ...entries },
      external,
      output: { format, entryFileNames: format === 'cjs' ? '[name].cjs' : '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});

const app: UserConfig = {
  publicDir: false,
  logLevel: 'warn',
  environments: {
    shell: bundle({ folder: 'app', entries: { main: 'main/app/main.ts' } }),
    preload: bundle({ folder: 'preload', entries: { preload: 'main/preload/preload.ts' }, format: 'cjs' }),
    core: bundle({ folder: 'core', entries: { 'core-process': 'main/core/core-process.ts' } }),
    hana: bundle({ folder: 'hana', entries: { 'hana-process': 'main/hana/index.ts' } }),
    compute: bundle({ folder: 'compute', entries: { worker: 'compute/worker/index.ts', probe: 'compute/worker/probe.ts', chat: 'compute/chat/index.ts' } }),
  },
  builder: {
    buildApp: async (builder) => {
      for (const name of ['shell', 'preload', 'core', 'hana', 'compute']) {
        const environment = builder.environments[name];
        if (environment !== undefined) await builder.build(environment);
      }
    },
  },
};

export default defineConfig(({ mode }) => (mode === 'app' ? app : page));
