import type { Cell, CellChoice, Matrix } from '../../api/valueWire.ts'
import { Card } from '../../parts/Card.tsx'
import { TableScroll } from '../../parts/TableScroll.tsx'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { useSegmentName } from '../useSegmentName.ts'
import { quadrants } from './quadrants.ts'

interface Choosing {
  matrix: Matrix
  choice: CellChoice
  onChoose: (choice: CellChoice) => void
}

const bands = ['strongDetractor', 'detractor', 'passive', 'promoter', null] as const

/** What to do, with how many and how much. */
export function QuadrantCards(props: Choosing) {
  const words = useWords()
  const formats = useFormats()
  const { matrix, choice } = props
  const money = (amount: number) => formats.money(amount, matrix.currency)
  return (
    <div className="quadrants">
      {quadrants.map((name) => {
        const found = matrix.quadrants.find(({ quadrant }) => quadrant === name)
        if (!found) return null
        const on = choice.quadrant === name
        return (
          <button
            key={name}
            type="button"
            className={`quadrant ${name}`}
            aria-pressed={on}
            onClick={() => props.onChoose(on ? {} : { quadrant: name })}
          >
            <b>{words.value.quadrants[name]}</b>
            <span className="num">{formats.plain(found.customers)}</span>
            <small>{words.value.quadrantHelp[name]}</small>
            <span className="sums">
              <span>
                {words.value.rlv} <b>{money(found.rlv)}</b>
              </span>
              <span>
                {words.value.atRisk} <b>{money(found.atRisk)}</b>
              </span>
            </span>
          </button>
        )
      })}
    </div>
  )
}

/** Customers by value, the highest on top, and loyalty, the worst first. */
export function MatrixCard(props: Choosing) {
  const words = useWords()
  const segmentName = useSegmentName()
  const { matrix } = props
  const bandName = (band: Cell['band']) =>
    band === null ? words.value.noScore : (words.desk.bands[band] ?? band)
  const ids = [
    ...new Set([...matrix.segments.map(({ id }) => id), ...matrix.cells.map((cell) => cell.segment)]),
  ]
  return (
    <Card title={words.value.matrix} className="matrix-card">
      <TableScroll label={words.value.matrix}>
        <table className="matrix">
          <thead>
            <tr>
              <th scope="col">{words.value.segment}</th>
              {bands.map((band) => (
                <th key={band} scope="col">
                  {bandName(band)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ids.map((id) => {
              const segment = matrix.segments.find((each) => each.id === id)
              const name = segmentName(id)
              return (
                <tr key={id}>
                  <th scope="row">
                    {name}
                    {segment?.high && <small>{words.value.high}</small>}
                  </th>
                  {bands.map((band) => (
                    <td key={band}>
                      <CellButton
                        {...props}
                        cell={matrix.cells.find((each) => each.segment === id && each.band === band)}
                        segment={name}
                        band={bandName(band)}
                      />
                    </td>
                  ))}
                </tr>
              )
            })}
          </tbody>
        </table>
      </TableScroll>
      <p className="hint narrow-only">
        {words.value.people}, {words.value.rlv.toLowerCase()}, {words.value.atRisk.toLowerCase()}
      </p>
    </Card>
  )
}

function CellButton(props: Choosing & { cell: Cell | undefined; segment: string; band: string }) {
  const words = useWords()
  const formats = useFormats()
  const { cell, choice } = props
  if (!cell) return null
  const wanted = { segment: cell.segment, band: cell.band ?? 'none' }
  const on =
    choice.quadrant === undefined
      ? choice.segment === wanted.segment && choice.band === wanted.band
      : choice.quadrant === cell.quadrant
  return (
    <button
      type="button"
      className={`cell ${cell.quadrant ?? 'unknown'}`}
      aria-pressed={on}
      disabled={cell.customers === 0}
      onClick={() => props.onChoose(on && choice.quadrant === undefined ? {} : wanted)}
    >
      <span className="hidden">{words.value.cell(props.segment, props.band)} </span>
      <b>{formats.plain(cell.customers)}</b>
      {cell.customers > 0 && (
        <>
          <span>
            <span className="hidden">{words.value.rlv} </span>
            {formats.shortMoney(cell.rlv)}
          </span>
          {cell.foretold > 0 && (
            <span className="risk">
              {formats.shortMoney(cell.atRisk)}{' '}
              <span className="risk-word">{words.value.atRisk.toLowerCase()}</span>
            </span>
          )}
        </>
      )}
    </button>
  )
}
