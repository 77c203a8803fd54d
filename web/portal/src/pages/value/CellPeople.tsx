// For: the people of a cell of the matrix. In: which cell. Out: who they are; cases opened for those selected.
import { Button, Checkbox, TextInput } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { post } from '../../api/client.ts'
import { useMay } from '../../api/useMay.ts'
import { cellQuery } from '../../api/valueQueries.ts'
import type { CellChoice, CellCustomer, Matrix, SelectResult } from '../../api/valueWire.ts'
import { Card } from '../../parts/Card.tsx'
import { More } from '../../parts/More.tsx'
import { TableScroll } from '../../parts/TableScroll.tsx'
import { Waiting } from '../../parts/Waiting.tsx'
import { Fault, Wrong } from '../../parts/Wrong.tsx'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { useSegmentName } from '../useSegmentName.ts'

/** The server takes no more at once. */
const most = 500

export function CellPeople(props: { matrix: Matrix; choice: CellChoice; onClear: () => void }) {
  const words = useWords()
  const formats = useFormats()
  const mayWrite = useMay('cases:write')
  const { matrix, choice } = props
  const found = useInfiniteQuery(cellQuery(choice))
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  const chosen = items.filter((item) => selected.has(item.customerId)).slice(0, most)
  const open = items.filter((item) => !item.openCase)
  const total = found.data?.pages[0]?.total
  const toggle = (id: string) =>
    setSelected((before) => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })
  const segmentName = useSegmentName()
  const bandName = (band: string) =>
    band === 'none' ? words.value.noScore : (words.desk.bands[band] ?? band)
  const title = choice.quadrant
    ? (words.value.quadrants[choice.quadrant] ?? choice.quadrant)
    : [choice.segment && segmentName(choice.segment), choice.band && bandName(choice.band)]
        .filter(Boolean)
        .join(' · ') || words.value.all
  const narrowed = Object.values(choice).some((value) => value !== undefined)
  return (
    <Card
      title={`${words.value.people}: ${title}`}
      aside={
        <>
          {total !== undefined && words.value.customers(formats.plain(total))}
          {narrowed && (
            <button type="button" className="text-button" onClick={props.onClear}>
              {words.value.clear}
            </button>
          )}
        </>
      }
      className="cell-people"
    >
      {found.isError && <Wrong error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Waiting lines={5} height={22} />}
      {found.isSuccess && items.length === 0 && <p className="quiet">{words.value.none_}</p>}
      {mayWrite && <OpenBar chosen={chosen} onDone={() => setSelected(new Set())} />}
      {items.length > 0 && (
        <TableScroll label={title}>
          <table className="plain-table people-table">
            <thead>
              <tr>
                {mayWrite && (
                  <th scope="col">
                    <Checkbox
                      size="xs"
                      aria-label={words.desk.selectAll}
                      checked={open.length > 0 && open.every(({ customerId }) => selected.has(customerId))}
                      indeterminate={chosen.length > 0 && chosen.length < open.length}
                      onChange={(event) =>
                        setSelected(
                          new Set(
                            event.currentTarget.checked ? open.map(({ customerId }) => customerId) : [],
                          ),
                        )
                      }
                    />
                  </th>
                )}
                <th scope="col">{words.value.name}</th>
                <th scope="col" className="wide-only">
                  {words.desk.band}
                </th>
                <th scope="col" className="number">
                  {words.value.churn}
                </th>
                <th scope="col" className="number wide-only">
                  {words.value.rlv}
                </th>
                <th scope="col" className="number">
                  {words.value.atRisk}
                </th>
                <th scope="col" className="number wide-only">
                  {words.value.rfm}
                </th>
                <th scope="col" className="wide-only">
                  {words.value.paid}
                </th>
              </tr>
            </thead>
            <tbody data-list>
              {items.map((item) => (
                <tr key={item.customerId} className={selected.has(item.customerId) ? 'on' : ''}>
                  {mayWrite && (
                    <td>
                      <Checkbox
                        size="xs"
                        aria-label={words.desk.select(item.name ?? item.key)}
                        checked={selected.has(item.customerId)}
                        disabled={item.openCase}
                        onChange={() => toggle(item.customerId)}
                      />
                    </td>
                  )}
                  <th scope="row">
                    <Link
                      to={item.kind === 'account' ? '/accounts/$id' : '/customers/$id'}
                      params={{ id: item.customerId }}
                    >
                      {item.name ?? item.key}
                    </Link>
                    {item.openCase && <small>{words.value.hasCase}</small>}
                  </th>
                  <td className="wide-only">{item.band ? bandName(item.band) : '–'}</td>
                  <td className="number">
                    {item.churn === null ? '–' : formats.metric(item.churn * 100, 'percent')}
                  </td>
                  <td className="number wide-only">
                    {item.rlv === null ? '–' : formats.money(item.rlv, matrix.currency)}
                  </td>
                  <td className="number">
                    {item.atRisk === null ? '–' : formats.money(item.atRisk, matrix.currency)}
                  </td>
                  <td className="number wide-only">{item.rfm}</td>
                  <td className="wide-only">{formats.ago(item.lastAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      <More list={found} small />
    </Card>
  )
}

function OpenBar(props: { chosen: CellCustomer[]; onDone: () => void }) {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const [note, setNote] = useState('')
  const { chosen } = props
  const open = useMutation({
    mutationFn: () =>
      post<SelectResult>('/v1/cases/open', {
        items: chosen.map(({ kind, customerId, responseId }) => ({
          [kind === 'account' ? 'accountId' : 'contactId']: customerId,
          ...(responseId ? { responseId } : {}),
        })),
        ...(note.trim() ? { note: note.trim() } : {}),
      }),
    onSuccess: () => {
      setNote('')
      props.onDone()
    },
    onSettled: () =>
      Promise.all(['value', 'cases'].map((queryKey) => client.invalidateQueries({ queryKey: [queryKey] }))),
  })
  const refusals = open.data?.receipts.filter(({ status }) => status === 'refused') ?? []
  return (
    <>
      {open.data && (
        <p role="status" className="opened">
          {words.value.opened(formats.plain(open.data.opened))}
          {open.data.open > 0 && ` ${words.value.alreadyOpen(formats.plain(open.data.open))}`}
          {refusals.length > 0 && (
            <span className="fault">
              {' '}
              {words.value.refused(
                formats.plain(refusals.length),
                [...new Set(refusals.map(({ message }) => message))].join(' '),
              )}
            </span>
          )}{' '}
          <Link to="/cases" search={{ reason: 'selected' }}>
            {words.value.toCases}
          </Link>
        </p>
      )}
      <Fault error={open.error} />
      {chosen.length > 0 && (
        <form
          className="bulk-bar"
          aria-label={words.desk.selected(formats.plain(chosen.length))}
          onSubmit={(event) => {
            event.preventDefault()
            open.mutate()
          }}
        >
          <strong>{words.desk.selected(formats.plain(chosen.length))}</strong>
          <TextInput
            size="xs"
            aria-label={words.value.why}
            placeholder={words.value.why}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button type="submit" size="compact-sm" loading={open.isPending}>
            {words.value.openCases(formats.plain(chosen.length))}
          </Button>
          <Button size="compact-sm" variant="subtle" onClick={props.onDone}>
            {words.desk.unselect}
          </Button>
        </form>
      )}
    </>
  )
}
