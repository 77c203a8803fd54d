/** Every refusal the product can give: a code that programs can rely on, the HTTP status, and what to do about it. */
export const catalogue = {
  'request.malformed': { status: 400, message: 'The request does not have the expected form.' },
  'request.tooLarge': { status: 413, message: 'The request is larger than this address takes.' },
  'request.unsupportedType': { status: 415, message: 'The content type is not one this address takes.' },
  'request.tooMany': { status: 429, message: 'Too many requests; try again after the time in Retry-After.' },
  'request.crossSite': { status: 403, message: 'The request did not come from a page of this server.' },
  'access.signInNeeded': { status: 401, message: 'Sign in, or send an API key as a bearer token.' },
  'access.denied': { status: 403, message: 'Your role or key does not allow this.' },
  'access.signInFailed': { status: 401, message: 'The e-mail address and password do not match.' },
  'access.emailTaken': { status: 409, message: 'Somebody has this e-mail address already.' },
  'access.linkSpent': {
    status: 410,
    message: 'This sign-in link has been used or is too old; ask for a new one.',
  },
  'thing.unknown': { status: 404, message: 'There is nothing at this address.' },
  'thing.changed': { status: 409, message: 'Somebody changed it meanwhile; read it again.' },
  'improvement.cannotMove': { status: 409, message: 'An improvement in this state cannot become that.' },
  'plan.told': { status: 409, message: 'Just this was sent to the customer already.' },
  'workspace.unknown': { status: 404, message: 'There is no such workspace.' },
  'workspace.exists': { status: 409, message: 'A workspace with this name exists already.' },
  'program.invalid': {
    status: 422,
    message: 'The program has errors; each is listed with file, line and what was expected.',
  },
  'program.missing': { status: 409, message: 'The workspace has no program yet; push one first.' },
  'event.malformed': { status: 400, message: 'The event is not a valid CloudEvents 1.0 event.' },
  'event.future': { status: 422, message: 'The event is said to happen in the future.' },
  'event.unknownType': { status: 422, message: 'The program declares no such event.' },
  'event.unmapped': { status: 422, message: 'The event does not fit the mapping of the program.' },
  'event.tooMany': { status: 413, message: 'A batch holds at most 1,000 events.' },
  'case.changed': { status: 409, message: 'Somebody changed the case meanwhile; read it again.' },
  'case.closed': { status: 409, message: 'The case is closed.' },
  'case.open': { status: 409, message: 'The case is not closed.' },
  'case.notYours': { status: 403, message: 'Somebody else owns the case; take it first.' },
  'case.incomplete': { status: 422, message: 'Something is missing that the program asks for.' },
  'case.noAddress': { status: 422, message: 'The customer has no e-mail address.' },
  'case.unsubscribed': { status: 422, message: 'The customer has asked for no mails to many.' },
  'case.noAnswer': { status: 422, message: 'They have not answered anything a case could be about.' },
  'person.unknown': { status: 422, message: 'There is nobody of that key who could get it.' },
  'person.cannot': { status: 422, message: 'It cannot be given to them.' },
  'ask.invalid': { status: 422, message: 'The question cannot be understood.' },
  'response.refused': { status: 422, message: 'The answer does not fit the survey.' },
  'survey.unknownLink': { status: 404, message: 'This link leads to no survey.' },
  'survey.expired': { status: 410, message: 'This survey has closed.' },
  'store.newer': {
    status: 500,
    message: 'The database was written by a newer version; start that version instead.',
  },
  'store.unavailable': {
    status: 503,
    message: 'A store cannot be reached; nothing was lost, try again soon.',
  },
  'facts.missing': {
    status: 503,
    message:
      'The column store of this process does not hold the facts of this workspace. Several processes on one PostgreSQL need one ClickHouse: set the same CLICKHOUSE_URL for all. Of one process alone, samklang facts rebuild makes them anew.',
  },
  'config.invalid': { status: 500, message: 'The configuration is not valid.' },
  'internal.failure': { status: 500, message: 'Something failed here; it has been logged.' },
} as const satisfies Record<string, { status: number; message: string }>

export type ErrorCode = keyof typeof catalogue

/** One thing that was wrong, and where: a JSON pointer, a field or file:line. */
export interface Fault {
  where: string
  message: string
}

/** A refusal from the catalogue, with the particulars of this time. */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly faults: readonly Fault[]

  constructor(code: ErrorCode, detail?: string, faults: readonly Fault[] = []) {
    super(detail ? `${catalogue[code].message} ${detail}` : catalogue[code].message)
    this.name = 'Refusal'
    this.code = code
    this.status = catalogue[code].status
    this.faults = faults
  }
}
