import type { Csv } from './csv.ts'
import type { Paint } from './paint.ts'

/** One page of reading on a file, in plain words. */
export async function page(csv: Csv, _path: string, _json: boolean, _paint: Paint): Promise<string> {
  const rows = await csv.eachRow(() => {})
  return `${csv.name}: ${rows} rows, columns ${csv.columns.join(', ')}\n`
}
