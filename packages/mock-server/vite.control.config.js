import { defineConfig } from 'vite'

/** Makes the control client for `require` in jest, which cannot load ES modules; Node itself takes the ES modules (ADR 3). */
export default defineConfig({
  build: {
    lib: { entry: 'src/control.ts', formats: ['cjs'], fileName: () => 'control.cjs' },
    outDir: 'dist',
    emptyOutDir: false,
    copyPublicDir: false,
    minify: false,
    target: 'node20.19',
  },
  logLevel: 'warn',
})
