// For: summaries, a day, week or month at a time: praise, criticism, open cases, and those past their deadline.
// In: the program's digests, and the time. Out: one mail for each reader who has something to read; the next turn.
import { timeOfWork } from '../base/clock.ts'
import { stableId } from '../base/ids.ts'
import { excerpt, type Note } from '../channels/note.ts'
import { type Claimed, type NewMessage, queueMessages } from '../channels/queue.ts'
import { mailColleagueAt } from '../people/quiet.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { knownLanguage, localeOf } from '../program/question.ts'
import type { LanguageCode, Program } from '../program/schema.ts'
import { type DigestPart, digestParts, type ProgramDigest } from '../program/schema-notify.ts'
import type { Tx } from '../storage/postgres.ts'
import { type DigestData, type DigestReader, type Piece, readDigest, readReaders } from './digestReading.ts'
import { nextTurn, turnBefore } from './digestTurn.ts'
import type { NotifyParts } from './praise.ts'
import { notifyWords } from './wording.ts'

interface Turn extends Record<string, unknown> {
  digest: string
  from: Date
  next: Date
}

/** Sends the digests that are due. A turn that was missed while nothing ran is made up for once, with all that came
 * since; so is one that still waits for the end of its reader's quiet hours, and therefore the turn after it is put on
 * the lane at once. Otherwise `planDigests` does that, when the next answer comes or a live loop looks: so a replay
 * ends when nothing happens any more.
 */
export async function sendDigests(parts: NotifyParts, workspaceId: string): Promise<void> {
  const checked = await parts.programs.active(workspaceId)
  const digests = checked.program.notify?.digests ?? []
  if (digests.length === 0) return
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const zone = checked.program.workspace.timeZone
    for (const digest of digests) {
      const turn = await turnOf(tx, digest, zone, parts.clock.now())
      if (turn.next > parts.clock.now()) continue
      const now = timeOfWork(parts.clock, turn.next)
      const mails = await mailsOf(tx, checked, digest, turn, now)
      await queueMessages(tx, parts, mails)
      const next = nextTurn(digest, zone, now)
      const comesBefore = mails.some(({ sendAt }) => sendAt !== undefined && next < sendAt)
      if (comesBefore) await parts.announce(tx, { kind: 'notify.due', workspaceId }, next)
      await tx.query(
        'update digest_turns set from_at = $2, next_at = $3, announced_for = $4 where digest = $1',
        [digest.id, now, next, comesBefore ? next : null],
      )
    }
  })
}

/** Puts the next turn of each digest on the lane, once; cheap when they are there, so that it can be asked often. */
export async function planDigests(parts: NotifyParts, workspaceId: string): Promise<void> {
  const checked = await parts.programs.active(workspaceId)
  const { notify, workspace } = checked.program
  const digests = notify?.digests ?? []
  if (digests.length === 0) return
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const now = parts.clock.now()
    const known = await tx.query<{ digest: string; next: Date; announced: Date | null }>(
      'select digest, next_at as next, announced_for as announced from digest_turns',
    )
    for (const digest of digests) {
      const wanted = nextTurn(digest, workspace.timeZone, now)
      const found = known.find((turn) => turn.digest === digest.id)
      // One that is over was lost on its way; one whose day was changed in the program is not waited for at its old.
      const planned = found && found.next <= wanted && found.announced?.getTime() === found.next.getTime()
      if (planned && found.next > now) continue
      await turnOf(tx, digest, workspace.timeZone, now)
      const [turn] = await tx.query<{ next: Date }>(
        `update digest_turns set next_at = least(next_at, $2::timestamptz),
           announced_for = least(next_at, $2::timestamptz)
         where digest = $1 returning next_at as next`,
        [digest.id, wanted],
      )
      await parts.announce(tx, { kind: 'notify.due', workspaceId }, turn?.next ?? wanted)
    }
  })
}

/** The turn of a digest, locked: two processes send it one after the other, and the second finds it sent. */
async function turnOf(tx: Tx, digest: ProgramDigest, zone: string, now: Date): Promise<Turn> {
  const next = nextTurn(digest, zone, now)
  await tx.query(
    `insert into digest_turns (workspace_id, digest, from_at, next_at) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [tx.workspaceId, digest.id, turnBefore(digest, zone, next), next],
  )
  const [turn] = await tx.query<Turn>(
    'select digest, from_at as "from", next_at as next from digest_turns where digest = $1 for update',
    [digest.id],
  )
  return turn as Turn
}

async function mailsOf(
  tx: Tx,
  { program }: CheckedProgram,
  digest: ProgramDigest,
  turn: Turn,
  now: Date,
): Promise<NewMessage[]> {
  const readers = await readReaders(tx, digest)
  const waiting = await takeBack(tx, digest)
  const read = new Map<number, DigestData>()
  const mails: NewMessage[] = []
  for (const reader of readers) {
    const from = waiting.get(reader.key) ?? turn.from
    const data = read.get(from.getTime()) ?? (await readDigest(tx, { from, to: now }, now))
    read.set(from.getTime(), data)
    const language = knownLanguage(reader.language ?? program.workspace.languages[0])
    const note = noteOf(program, digest, { from, to: now }, language, shareOf(digest, reader, data))
    if (!note) continue
    const sendAt = mailColleagueAt(program, reader, now)
    mails.push({
      kind: 'digest',
      aboutId: stableId(tx.workspaceId as string, 'digest', digest.id, turn.next.toISOString()),
      recipient: reader.email,
      occasion: reader.key,
      note: { ...note, digest: { id: digest.id, reader: reader.key, since: from.toISOString() } },
      ...(sendAt > now ? { sendAt } : {}),
    })
  }
  return mails
}

/** Takes back the mails of a digest that still wait for the end of their reader's quiet hours, and those that were not
 * sent any more since this turn had come.
 * @returns by the reader's key, since when they told
 */
async function takeBack(tx: Tx, digest: ProgramDigest): Promise<Map<string, Date>> {
  const taken = await tx.query<{ reader: string; since: string }>(
    `delete from messages where workspace_id = $1 and kind = 'digest' and content->'digest'->>'id' = $2
       and (state = 'queued' and attempts = 0 or state = 'withdrawn' and error = $3)
     returning content->'digest'->>'reader' as reader, content->'digest'->>'since' as since`,
    [tx.workspaceId, digest.id, overtaken],
  )
  const since = new Map<string, Date>()
  for (const { reader, since: text } of taken) {
    const [from, before] = [new Date(text), since.get(reader)]
    since.set(reader, before && before < from ? before : from)
  }
  return since
}

/** Why a digest that has waited is not sent: the next has fallen due, which tells all of it. */
const overtaken = 'overtaken'

/** @returns by the id of the message, which digests have waited until the next of their kind was due, as where nothing
 * ran when quiet hours ended
 */
export async function overtakenDigests(
  tx: Tx,
  { programs }: Pick<NotifyParts, 'programs'>,
  messages: readonly Claimed[],
  now: Date,
): Promise<Map<string, string>> {
  const waited = messages.filter(({ note, queuedAt }) => note?.digest && queuedAt && queuedAt < now)
  if (waited.length === 0) return new Map()
  const { program } = await programs.activeIn(tx)
  const wanted = (program.notify?.digests ?? []).map(({ id }) => id)
  const due = await tx.query<{ digest: string }>(
    'select digest from digest_turns where next_at <= $1 and digest = any($2::text[])',
    [now, wanted],
  )
  const over = new Set(due.map(({ digest }) => digest))
  return new Map(
    waited.flatMap(({ messageId, note }) =>
      over.has(note?.digest?.id ?? '') ? [[messageId, overtaken] as const] : [],
    ),
  )
}

interface Share {
  praise: Piece[]
  criticism: Piece[]
  open: number
  overdue: number
  cases: DigestData['cases']
}

/** What of all that one reader may read. Criticism is never read by the one it is about. */
function shareOf(digest: ProgramDigest, reader: DigestReader, data: DigestData): Share {
  const about: readonly DigestPart[] = digest.about ?? digestParts
  const ofUnit = (unit: string | null) =>
    reader.sees === 'all' || (unit !== null && (data.paths.get(unit) ?? []).includes(reader.sees.unit))
  const own = reader.sees !== 'all' && reader.sees.own
  const mine = (piece: Piece) => (own ? piece.employeeKey === reader.key : ofUnit(piece.unitKey))
  const cases = data.cases.filter((each) => (own ? each.owner === reader.key : ofUnit(each.unitKey)))
  return {
    praise: about.includes('praise')
      ? data.pieces.filter((each) => each.kind === 'praise' && mine(each))
      : [],
    criticism:
      about.includes('criticism') && !own
        ? data.pieces.filter(
            (each) => each.kind === 'criticism' && each.employeeKey !== reader.key && mine(each),
          )
        : [],
    open: about.includes('openCases') ? cases.reduce((sum, { open }) => sum + open, 0) : 0,
    overdue: about.includes('overdue') ? cases.reduce((sum, { overdue }) => sum + overdue, 0) : 0,
    cases,
  }
}

const quotesOfEach = 3

/** @returns undefined when there is nothing to read */
function noteOf(
  program: Program,
  digest: ProgramDigest,
  period: { from: Date; to: Date },
  language: LanguageCode,
  share: Share,
): Note | undefined {
  const words = notifyWords[language]
  const counts: Array<[string, number]> = [
    [words.praiseCount, share.praise.length],
    [words.criticismCount, share.criticism.length],
    [words.openCases, share.open],
    [words.overdue, share.overdue],
  ]
  if (counts.every(([, count]) => count === 0)) return undefined
  const date = (at: Date) =>
    at.toLocaleDateString(localeOf(language), { dateStyle: 'medium', timeZone: program.workspace.timeZone })
  const quotes = (pieces: Piece[], label: string) =>
    pieces
      .filter(({ comment }) => comment)
      .slice(0, quotesOfEach)
      .map(({ comment, employeeName, responseId }) => ({
        label: employeeName ? `${label}: ${employeeName}` : label,
        text: excerpt(comment as string, 300),
        link: `/responses/${responseId}`,
      }))
  // A clock change or a turn that came a little late makes it no other than its name says.
  const usual = turnBefore(digest, program.workspace.timeZone, period.to)
  const isLonger = period.from.getTime() < usual.getTime() - 12 * 3_600_000
  const title = words.digest[isLonger ? 'longer' : digest.every]
  const deskFirst = share.open > 0 || share.overdue > 0
  return {
    language,
    subject: `${title}: ${program.workspace.name}`,
    title,
    intro: words.period(date(period.from), date(period.to)),
    rows: counts
      .filter(([, count]) => count > 0)
      .map(([label, count]) => [label, count.toLocaleString(language)]),
    quotes: [...quotes(share.praise, words.praiseCount), ...quotes(share.criticism, words.criticismCount)],
    action: deskFirst ? { label: words.openDesk, path: '/cases' } : { label: words.read, path: '/responses' },
  }
}
