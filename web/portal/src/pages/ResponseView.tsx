// For: one answer, with what had happened to the person. In: its id. Out: answers, O-data as asked and now, where it came from.
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { loopWords } from '../../../../src/insight/loopWords.ts'
import { programQuery, responseQuery } from '../api/queries.ts'
import type { Answer, Program, ResponseDetail } from '../api/wire.ts'
import { ContextTable } from '../parts/ContextTable.tsx'
import { Given } from '../parts/Score.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { readable, useFormats } from '../words/format.ts'
import type { Words } from '../words/shape.ts'
import { type Language, useSpeech, useWords } from '../words/words.ts'
import { Facts } from './customer/Facts.tsx'
import { LinkTo } from './improve/LinkTo.tsx'
import { placeOf } from './overviewCards.tsx'

export default function ResponseView() {
  const { id } = useParams({ from: '/shell/responses/$id' })
  const { language } = useSpeech()
  const response = useQuery(responseQuery(id, language))
  const program = useQuery(programQuery)
  if (response.isError) return <Wrong error={response.error} again={() => void response.refetch()} />
  if (!response.data) return <Waiting lines={8} />
  return (
    <>
      <ResponseBody response={response.data} program={program.data} />
      <LinkTo key={id} thing={{ responseId: id }} />
    </>
  )
}

export function ResponseBody(props: {
  response: ResponseDetail
  program: Program | undefined
  within?: boolean
}) {
  const { words, language } = useSpeech()
  const formats = useFormats()
  const { response, program } = props
  const survey = program?.surveys.find((each) => each.id === response.survey)
  const nameOf = (field: string) =>
    formats.text(program?.fields.find(({ id }) => id === field)?.label, readable(field))
  const facts: [string, string][] = [
    [words.responses.answered, formats.moment(response.answeredAt)],
    [words.responses.survey_, formats.text(survey?.name, readable(response.survey))],
    [words.responses.way, words.responses.wayIn[response.wayIn] ?? response.wayIn],
    [words.responses.unit, placeOf(response.unit, program)],
    [
      words.responses.sent,
      response.invitation
        ? response.invitation.sentAt
          ? formats.moment(response.invitation.sentAt)
          : '–'
        : words.responses.noInvitation,
    ],
    ...(response.decision
      ? [[words.responses.decided, decided(response.decision, words, language)] as [string, string]]
      : []),
    [words.responses.version, response.version],
  ]
  return (
    <article className="one">
      {!props.within && (
        <header className="one-head">
          <Given score={response.score} />
          <div>
            <h2>{response.contact?.name ?? words.common.noName}</h2>
            <p className="links">
              {response.contact && (
                <Link to="/customers/$id" params={{ id: response.contact.id }}>
                  {words.responses.openCustomer}
                </Link>
              )}
              {response.caseId && (
                <Link to="/cases/$id" params={{ id: response.caseId }}>
                  {words.responses.openCase}
                </Link>
              )}
            </p>
          </div>
        </header>
      )}
      {response.comment && (
        <blockquote className="words" lang={response.language}>
          {response.comment}
        </blockquote>
      )}
      <h3>{words.responses.answers}</h3>
      <dl className="answers">
        {response.answers.map((answer) => (
          <div key={answer.question}>
            <dt>{answer.text || readable(answer.question)}</dt>
            <dd>
              <AnswerValue answer={answer} language={response.language} nameOf={nameOf} />
            </dd>
          </div>
        ))}
      </dl>
      <h3>{words.responses.frozenTitle}</h3>
      <ContextTable context={response.context} now={response.transactionNow} program={program} />
      <Facts facts={facts} />
    </article>
  )
}

/** What was done, and why where that says more. */
function decided(
  { handling, reason }: { handling: string; reason: string },
  words: Words,
  language: Language,
): string {
  const done = (loopWords[language].handlings as Record<string, string>)[handling] ?? readable(handling)
  return usual.has(reason) ? done : `${done}: ${words.decisionReason[reason] ?? readable(reason)}`
}
const usual = new Set(['opened', 'joinedOpen', 'reopened', 'replied'])

function AnswerValue(props: { answer: Answer; language: string; nameOf: (field: string) => string }) {
  const words = useWords()
  const formats = useFormats()
  const { answer } = props
  return (
    <>
      <span lang={answer.kind === 'text' ? props.language : undefined}>
        {answer.label ?? formats.value(answer.value)}
      </span>
      {answer.provenance && (
        <small className="known-from">{words.responses.known(props.nameOf(answer.provenance.field))}</small>
      )}
    </>
  )
}
