// For: speaking with the server. In: a path and a body. Out: the JSON, or a Failure that says what was wrong.
const workspaceKey = 'samklang-workspace'

/** The workspace chosen by somebody who has several; kept for the next visit. */
export function chosenWorkspace(): string | null {
  return localStorage.getItem(workspaceKey)
}

export function chooseWorkspace(slug: string | null) {
  if (slug) localStorage.setItem(workspaceKey, slug)
  else localStorage.removeItem(workspaceKey)
}

export interface Fault {
  where: string
  message: string
  file?: string
  line?: number
  column?: number
}

/** A refusal of the server: its code in the error catalogue, the HTTP status (0: no contact) and what to do. */
export class Failure extends Error {
  readonly code: string
  readonly status: number
  readonly faults: Fault[]

  constructor(code: string, status: number, message: string, faults: Fault[] = []) {
    super(message)
    this.name = 'Failure'
    this.code = code
    this.status = status
    this.faults = faults
  }
}

interface ErrorBody {
  error?: { code?: string; message?: string; faults?: Fault[] }
  code?: string
  message?: string
}

/** @throws Failure when there is no contact or the server refuses */
export async function send<Result>(method: string, path: string, body?: unknown): Promise<Result> {
  const text = await (await request(method, path, body, 'application/json')).text()
  return (text === '' ? null : parse(text)) as Result
}

/** What the answer to a POST holds in another form, such as CSV.
 * @throws Failure
 */
export async function postFor(path: string, body: unknown, type: string): Promise<Blob> {
  return (await request('POST', path, body, type)).blob()
}

async function request(method: string, path: string, body: unknown, accept: string): Promise<Response> {
  const headers: Record<string, string> = { accept }
  const workspace = chosenWorkspace()
  if (workspace) headers['samklang-workspace'] = workspace
  if (body !== undefined) headers['content-type'] = 'application/json'
  let answer: Response
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: 'same-origin',
    })
  } catch {
    throw new Failure('contact.lost', 0, '')
  }
  if (answer.ok) return answer
  const wrong = (parse(await answer.text()) ?? {}) as ErrorBody
  throw new Failure(
    wrong.error?.code ?? wrong.code ?? `http.${answer.status}`,
    answer.status,
    wrong.error?.message ?? wrong.message ?? answer.statusText,
    wrong.error?.faults ?? [],
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export const get = <Result>(path: string) => send<Result>('GET', path)
export const post = <Result>(path: string, body: unknown = {}) => send<Result>('POST', path, body)

/** A path with those of the parameters that have a value. */
export function withQuery(
  path: string,
  parameters: Record<string, string | number | boolean | undefined | null>,
) {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  }
  const text = query.toString()
  return text ? `${path}?${text}` : path
}
