import jsonata from 'jsonata'

/** Reads one value out of an event; a promise only when the JSONata engine is needed. */
export type Reader = (event: Record<string, unknown>) => unknown

/** Work and depth one expression may take on one event. */
const bounds = { timeout: 1000, stack: 200 }

/** @returns why the expression is no JSONata and at which character, or undefined when it is */
export function jsonataProblem(expression: string): { message: string; offset: number } | undefined {
  try {
    jsonata(expression, bounds)
    return undefined
  } catch (error) {
    const { message, position } = error as { message?: string; position?: number }
    return { message: message ?? 'cannot be parsed', offset: Math.max((position ?? 1) - 1, 0) }
  }
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
