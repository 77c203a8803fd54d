import { PasswordInput } from '@mantine/core'
import { useState } from 'react'
import { useWords } from '../words/words.ts'

/** A password: the present one, or a new one with what is asked of it; browsers offer to fill in or to make it up. */
export function PasswordField(props: {
  label: string
  kind: 'current' | 'new'
  value: string
  onChange: (value: string) => void
}) {
  const words = useWords()
  const [shown, setShown] = useState(false)
  const asked = props.kind === 'new' ? { description: words.settings.passwordHint, minLength: 10 } : {}
  return (
    <PasswordInput
      label={props.label}
      autoComplete={`${props.kind}-password`}
      required
      withAsterisk={false}
      visible={shown}
      onVisibilityChange={setShown}
      visibilityToggleButtonProps={{
        'aria-label': shown ? words.settings.hidePassword : words.settings.showPassword,
      }}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      {...asked}
    />
  )
}
