import { TextInput, type TextInputProps } from '@mantine/core'
import { useFormats } from '../words/format.ts'

/** A day, chosen in the browser's own field, which speaks the browser's language and knows its keyboard and phone. What
 * was chosen stands above it in the language of the page, where 03/04 could be either day.
 */
export function DayField({ description, ...props }: Omit<TextInputProps, 'type'>) {
  const formats = useFormats()
  // At noon, so that no time zone makes another day of it.
  const day = new Date(`${props.value}T12:00`)
  const chosen = Number.isNaN(day.getTime()) ? undefined : formats.day(day)
  const told = [description, chosen].filter((each) => each !== undefined)
  return (
    <TextInput
      type="date"
      {...props}
      {...(told.length > 0
        ? {
            description:
              told.length === 1 ? (
                told[0]
              ) : (
                <>
                  {description} · {chosen}
                </>
              ),
          }
        : {})}
    />
  )
}
