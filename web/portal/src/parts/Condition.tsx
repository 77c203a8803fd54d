/** What a part of the program is limited to: in words; the condition itself (CEL) for whoever asks. */
export function Condition(props: { words: string; where: string }) {
  return (
    <details className="condition">
      <summary>{props.words}</summary>
      <code>{props.where}</code>
    </details>
  )
}
