import { rmSync } from 'node:fs'
import { openRig } from './test/replay-rig.ts'
import { readOlist } from './src/simulate/olist.ts'
const [,, data, folder, fresh] = process.argv
if (fresh === 'fresh') rmSync(folder!, { recursive: true, force: true })
let t = performance.now()
const rig = await openRig(folder!, 'olist')
console.log('opened', performance.now() - t)
const inputs = await readOlist(data!)
let last = 0
const report = await rig.play({ name: 'olist', fingerprint: 'x', inputs: () => inputs, count: inputs.length }, { progress: (s) => { if (s - last > .02) { last = s; console.log(s.toFixed(2), ((performance.now() - t)/1000).toFixed(1)) } } })
console.log(JSON.stringify(report, null, 1))
await rig.close()
process.exit(0)
