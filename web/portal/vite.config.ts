import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// In development (`vite web/portal`) the API comes from a Samklang that runs beside it.
const server = 'http://localhost:4000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: resolve(import.meta.dirname, '../../dist/portal'),
    emptyOutDir: true,
    // Small files would become data: addresses, which the content security policy does not allow for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  // What the portal shares with the server stands outside of its folder.
  server: {
    proxy: { '/v1': server, '/auth': server, '/docs': server },
    fs: { allow: [resolve(import.meta.dirname, '../..')] },
  },
})
