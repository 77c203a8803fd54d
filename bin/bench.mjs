// npm run bench: installs what is missing, then measures with the pinned Node. Options: bench/run.ts.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { environment, install, pinnedNode, root } from './prepare.mjs'

await install()
const { status } = spawnSync(pinnedNode, [join(root, 'bench', 'run.ts'), ...process.argv.slice(2)], {
  cwd: root,
  env: environment,
  stdio: 'inherit',
})
process.exit(status ?? 1)
