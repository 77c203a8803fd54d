import jsonata from 'jsonata'

/** Reads one value out of an event; a promise only when the JSONata engine is needed. */
export type Reader = (event: Record<string, unknown>) => unknown

/** Work and depth one expression may take on one event. */
const bounds = { timeout: 1000, stack: 200 }

/** @returns why the expression is no JSONata and at which character, or undefined when it is */
export function jsonataProblem(expression: string): { message: string; offset: number } | undefined {
  try {
    return unknownFunction(jsonata(expression, bounds).ast())
  } catch (error) {
    const { message, position } = error as { message?: string; position?: number }
    return { message: message ?? 'cannot be parsed', offset: Math.max((position ?? 1) - 1, 0) }
  }
}

// What JSONata 2.2 has by itself (its function reference).
export const builtIn = new Set(
  `abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl decodeUrlComponent
  distinct each encodeUrl encodeUrlComponent error eval exists filter floor formatBase formatInteger formatNumber
  fromMillis join keys length lookup lowercase map match max merge millis min not now number pad parseInteger power
  random reduce replace reverse round shuffle sift single sort split spread sqrt string substring substringAfter
  substringBefore sum toMillis trim type uppercase zip`.split(/\s+/),
)

interface Node {
  type?: string
  lhs?: { value?: unknown }
  procedure?: { type?: string; value: string; position?: number }
  position?: number
  arguments?: Array<{ value?: unknown }>
  [part: string]: unknown
}

/** The first call of a function that is neither JSONata's nor defined in the expression; evaluating would fail each time. */
function unknownFunction(ast: unknown): { message: string; offset: number } | undefined {
  const own = new Set<unknown>()
  const called: Array<{ name: string; position: number }> = []
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const each of node) walk(each)
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return
    const { type, lhs, procedure, position, ...rest } = node as Node
    if (type === 'bind') own.add(lhs?.value)
    if (type === 'lambda') for (const each of rest.arguments ?? []) own.add(each.value)
    if ((type === 'function' || type === 'partial') && procedure?.type === 'variable')
      called.push({ name: procedure.value, position: procedure.position ?? position ?? 1 })
    for (const each of [lhs, procedure, ...Object.values(rest)]) walk(each)
  }
  walk(ast)
  const unknown = called.find(({ name }) => !builtIn.has(name) && !own.has(name))
  return (
    unknown && {
      message: `there is no function $${unknown.name}`,
      offset: Math.max(unknown.position - 1 - unknown.name.length, 0),
    }
  )
}

/** Compiles JSONata. A plain path (data.order.id) or a literal is read directly, thousands of times faster.
 * @throws what jsonata throws, when the expression cannot be parsed
 */
export function compileReader(expression: string): Reader {
  const compiled = jsonata(expression, bounds)
  const ast = compiled.ast()
  if (ast.type === 'string' || ast.type === 'number' || ast.type === 'value') {
    const { value } = ast
    return () => value
  }
  const slow: Reader = (event) => compiled.evaluate(event)
  const path = plainPath(ast)
  if (!path) return slow
  return (event) => {
    let value: unknown = event
    for (const name of path) {
      // A list on the way means something of its own in JSONata.
      if (Array.isArray(value)) return slow(event)
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
      value = (value as Record<string, unknown>)[name]
    }
    return Array.isArray(value) ? slow(event) : value
  }
}

function plainPath(ast: jsonata.ExprNode): string[] | undefined {
  // The published types forget that a path is a type of node.
  if ((ast.type as string) !== 'path' || !ast.steps) return undefined
  const plain = ast.steps.every((step) => step.type === 'name' && Object.keys(step).every(isPlainKey))
  return plain ? ast.steps.map((step) => step.value as string) : undefined
}

const isPlainKey = (key: string) => key === 'value' || key === 'type' || key === 'position'
