/** The parts of an OpenAPI document that the page shows. */
interface Schema {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  patternProperties?: Record<string, Schema>
  format?: string
  description?: string
  $ref?: string
}
interface Body {
  description?: string
  content?: Record<string, { schema?: Schema }>
}
interface Operation {
  tags?: string[]
  summary?: string
  description?: string
  parameters?: Array<{ name: string; in: string; required?: boolean; description?: string; schema?: Schema }>
  requestBody?: Body
  responses: Record<string, Body & { $ref?: string }>
}
interface ApiDocument {
  info: { title: string; version: string; description?: string }
  paths: Record<string, Record<string, Operation>>
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** A schema as people write types: { name: string, age?: number }. */
function shape(schema: Schema | undefined, depth = 0): string {
  if (!schema) return 'anything'
  const pad = '  '.repeat(depth + 1)
  if (schema.$ref) return schema.$ref.split('/').at(-1)!
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(' | ')
  if (schema.anyOf) return [...new Set(schema.anyOf.map((each) => shape(each, depth)))].join(' | ')
  if (schema.type === 'array') {
    const item = shape(schema.items, depth)
    return item.includes(' | ') ? `Array<${item}>` : `${item}[]`
  }
  if (schema.properties && Object.keys(schema.properties).length > 0) {
    const lines = Object.entries(schema.properties).map(([name, value]) => {
      const mark = schema.required?.includes(name) ? '' : '?'
      const note = value.description ? `  // ${value.description}` : ''
      return `${pad}${name}${mark}: ${shape(value, depth + 1)}${note}`
    })
    return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`
  }
  if (schema.type === 'object' || schema.patternProperties) {
    const value = Object.values(schema.patternProperties ?? {})[0] ?? schema.additionalProperties
    return `{ [name]: ${typeof value === 'object' ? shape(value, depth) : 'anything'} }`
  }
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? 'anything')
  return schema.format ? `${type} (${schema.format})` : type
}

const code = (schema: Schema | undefined) => `<pre><code>${escaped(shape(schema))}</code></pre>`

function bodies(title: string, body: Body | undefined): string {
  const [entry] = Object.entries(body?.content ?? {})
  if (!entry) return ''
  const types = Object.keys(body?.content ?? {})
    .map(escaped)
    .join(', ')
  return `<h4>${escaped(title)} <small>${types}</small></h4>${code(entry[1].schema)}`
}

function operation(path: string, method: string, details: Operation): string {
  const rows = (details.parameters ?? []).map(
    (each) =>
      `<tr><th scope="row"><code>${escaped(each.name)}</code></th><td>${escaped(each.in)}</td>
       <td>${escaped(shape(each.schema))}${each.required ? '' : ', optional'}</td><td>${escaped(each.description ?? '')}</td></tr>`,
  )
  const answers = Object.entries(details.responses)
    .filter(([, answer]) => !answer.$ref)
    .map(([status, answer]) => bodies(`Answer ${status}`, answer))
  return `<details id="${escaped(`${method}${path.replaceAll(/[{}]/g, '')}`)}"><summary><b class="${escaped(method)}">${escaped(method.toUpperCase())}</b>
    <code>${escaped(path)}</code> <span>${escaped(details.summary ?? '')}</span></summary>
    ${details.description ? `<p>${escaped(details.description)}</p>` : ''}
    ${rows.length > 0 ? `<table><thead><tr><th>Parameter</th><th>In</th><th>Type</th><th></th></tr></thead>${rows.join('')}</table>` : ''}
    ${bodies('Body', details.requestBody)}${answers.join('')}</details>`
}

const style = `:root{color-scheme:light dark;--paper:light-dark(#faf9f6,#131618);--panel:light-dark(#fff,#1a1e21);
--ink:light-dark(#1c2024,#ebe8e2);--soft:light-dark(#5f6670,#a5abb3);--line:light-dark(#e7e4dd,#2a2f33);
--spruce:light-dark(#1f5d4c,#7cc4ae);--rust:light-dark(#9c4429,#df8266)}
*{box-sizing:border-box}body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem 5rem;background:var(--paper);
color:var(--ink);font:15px/1.55 Inter,system-ui,sans-serif}h1{font-size:1.6rem;letter-spacing:-.02em;margin:0}
h2{font-size:1.05rem;margin:2.2rem 0 .6rem}h4{font-size:.85rem;margin:1rem 0 .3rem}p,small,summary span{color:var(--soft)}
small{font-weight:400}nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:1rem 0}a{color:var(--spruce)}
details{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:.7rem 1rem;margin:.4rem 0}
summary{cursor:pointer;overflow-wrap:anywhere}summary:focus-visible,a:focus-visible{outline:2px solid var(--spruce);outline-offset:3px}
b{display:inline-block;min-width:4.2em;font-size:.8rem;color:var(--spruce)}b.post,b.put{color:var(--ink)}b.delete{color:var(--rust)}
pre{overflow-x:auto;background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:.7rem .9rem;margin:.3rem 0;font-size:13px}
table{width:100%;border-collapse:collapse;font-size:.88rem}th,td{text-align:left;padding:.35rem .5rem .35rem 0;border-top:1px solid var(--line);font-weight:400;vertical-align:top}
thead th{border:0;color:var(--soft)}`

/** The document as one page: no script, nothing fetched from elsewhere, readable at 320 px and with a keyboard. */
export function renderApiPage(document: ApiDocument): string {
  const groups = new Map<string, string[]>()
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, details] of Object.entries(methods)) {
      const tag = details.tags?.[0] ?? 'Other'
      groups.set(tag, [...(groups.get(tag) ?? []), operation(path, method, details)])
    }
  }
  const anchor = (tag: string) => escaped(tag.toLowerCase().replaceAll(/\W+/g, '-'))
  const tags = [...groups.keys()].sort()
  const { info } = document
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(info.title)} API</title><style>${style}</style></head><body>
<h1>${escaped(info.title)} API</h1><p>Version ${escaped(info.version)}. ${escaped(info.description ?? '')}
The same as a document: <a href="/v1/openapi.json">OpenAPI 3.1</a>.</p>
<nav aria-label="Sections">${tags.map((tag) => `<a href="#${anchor(tag)}">${escaped(tag)}</a>`).join('')}</nav>
<main>${tags.map((tag) => `<section><h2 id="${anchor(tag)}">${escaped(tag)}</h2>${groups.get(tag)!.join('')}</section>`).join('')}</main>
</body></html>`
}
