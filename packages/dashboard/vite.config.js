import { defineConfig } from 'vite'

/** Builds the page into the mock server, which serves it and has it in its tarball. Paths are relative: the app may be mounted anywhere. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  resolve: { conditions: ['@sendbox/source', 'module', 'browser'] },
  build: {
    outDir: '../mock-server/dashboard',
    emptyOutDir: true,
    target: 'baseline-widely-available',
    // The Content-Security-Policy of the page allows neither data: URLs nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.md' },
  },
  logLevel: 'warn',
})
