// npm start: makes a fresh clone ready, then runs the server with the pinned Node.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildPortal, environment, install, pinnedNode, root } from './prepare.mjs'

await install()
await buildPortal()
const server = spawn(pinnedNode, [join(root, 'src', 'main.ts'), 'serve', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: environment,
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal))
server.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
