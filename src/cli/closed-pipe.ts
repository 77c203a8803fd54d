/** Ends the process without a word when the reader of its output has gone (`samklang analyze ... | head`): what is
 * left to say has nobody to hear it. Any other fault of the stream stays a fault.
 * @param end called once the stream has lost its reader
 */
export function endWithReader(
  stream: { on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown },
  end: () => void,
): void {
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error
    end()
  })
}
