import { defineConfig } from 'vite'

const conditions = ['@sendbox/source', 'module', 'node']

/**
 * Makes the command that the tarball holds: one bundle with what it imports, as loading some 400 modules took longer than all else that
 * happens at a start (ADR 9). Only lmdb stays outside, which has a native part.
 */
export default defineConfig({
  ssr: { noExternal: true, external: ['lmdb'], resolve: { conditions } },
  build: {
    ssr: true,
    outDir: 'command',
    target: 'node20.19',
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      // The second is a process of its own, which reads a data folder.
      input: { sendbox: 'src/sendbox.ts', 'read-folder': 'src/persistence/read-folder.js' },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    },
  },
  logLevel: 'warn',
})
