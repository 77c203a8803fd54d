// For: what the check says of the text. In: faults, warnings. Out: each at its line; choosing one shows it.
import type { ProgramFault } from '../api/wire.ts'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'

/** Faults keep it from being saved; warnings do not, and are shown beside the good news as well. */
export function ProgramCheck(props: {
  faults: ProgramFault[]
  warnings: ProgramFault[]
  isChecked: boolean
  onShow: (fault: ProgramFault) => void
}) {
  const words = useWords()
  const formats = useFormats()
  const { faults, warnings } = props
  return (
    <>
      {faults.length > 0 ? (
        <p>{words.program.faults(formats.plain(faults.length))}</p>
      ) : (
        props.isChecked && <p className="good-news">{words.program.checked}</p>
      )}
      <FaultList faults={faults} onShow={props.onShow} />
      {warnings.length > 0 && (
        <p className="warned">{words.program.warnings(formats.plain(warnings.length))}</p>
      )}
      <FaultList faults={warnings} mild onShow={props.onShow} />
    </>
  )
}

function FaultList(props: { faults: ProgramFault[]; mild?: boolean; onShow: (fault: ProgramFault) => void }) {
  const words = useWords()
  if (props.faults.length === 0) return null
  return (
    <ol className={props.mild ? 'faults mild' : 'faults'}>
      {props.faults.map((fault) => (
        <li key={`${fault.file} ${fault.line} ${fault.where} ${fault.message}`}>
          <button type="button" onClick={() => props.onShow(fault)}>
            <b>
              {fault.file ?? ''} {fault.line ? words.program.line(String(fault.line)).toLowerCase() : ''}
            </b>
            <span>{fault.message}</span>
            {fault.where && <code>{fault.where}</code>}
          </button>
        </li>
      ))}
    </ol>
  )
}
