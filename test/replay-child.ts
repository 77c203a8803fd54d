// A replay in a process of its own, to be killed: node replay-child.ts FOLDER DATA. It says "playing" when it begins,
// and at its end its report as one line of JSON.
import { olistSource } from '../src/simulate/olist.ts'
import { openRig } from './replay-rig.ts'

const [folder, data] = process.argv.slice(2) as [string, string]
const rig = await openRig(folder, 'olist')
const source = await olistSource(data)
process.stdout.write('playing\n')
const report = await rig.play(source, {
  progress: (share) => void process.stdout.write(`played ${share.toFixed(3)}\n`),
})
await rig.close()
process.stdout.write(`${JSON.stringify(report)}\n`)
