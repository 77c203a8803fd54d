// For: oneself and who else may come in. In: the person's rights. Out: password, look, who is away, members, API keys.
import { Button, SegmentedControl, Select, Switch, useMantineColorScheme } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Failure, post } from '../api/client.ts'
import { useMay } from '../api/useMay.ts'
import { Card } from '../parts/Card.tsx'
import { PasswordField } from '../parts/PasswordField.tsx'
import { Fault } from '../parts/Wrong.tsx'
import { themes } from '../shell/Account.tsx'
import { Page } from '../shell/Page.tsx'
import { setShortcuts, shortcutsOn } from '../shell/Shortcuts.tsx'
import { SubNav } from '../shell/SubNav.tsx'
import { type Language, languageNames, languages, useSpeech, useWords } from '../words/words.ts'
import { Absences } from './Absences.tsx'
import { ApiKeys } from './ApiKeys.tsx'
import { Members } from './Members.tsx'

export default function Settings() {
  const words = useWords()
  const admin = useMay('admin')
  const mayWrite = useMay('cases:write')
  return (
    <Page title={words.settings.title}>
      <SubNav of="settings" />
      <div className="row halves">
        <Look />
        <Password />
      </div>
      {mayWrite && <Absences />}
      {admin && <Members />}
      {admin && <ApiKeys />}
    </Page>
  )
}

function Look() {
  const { words, language, setLanguage } = useSpeech()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [shortcuts, setOn] = useState(shortcutsOn)
  return (
    <Card title={words.settings.look} className="form-card">
      <div className="field">
        <span id="theme-label">{words.theme.label}</span>
        <SegmentedControl
          aria-labelledby="theme-label"
          data={themes.map((each) => ({ value: each, label: words.theme[each] }))}
          value={colorScheme}
          onChange={(next) => setColorScheme(next as (typeof themes)[number])}
        />
      </div>
      <Select
        label={words.language.label}
        data={languages.map((each) => ({ value: each, label: languageNames[each] }))}
        value={language}
        allowDeselect={false}
        onChange={(next) => next && setLanguage(next as Language)}
      />
      <Switch
        label={words.settings.shortcutsOn}
        checked={shortcuts}
        onChange={(event) => {
          setShortcuts(event.currentTarget.checked)
          setOn(event.currentTarget.checked)
        }}
      />
    </Card>
  )
}

function Password() {
  const words = useWords()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const change = useMutation({
    mutationFn: () => post('/auth/change-password', { currentPassword: current, newPassword: next }),
    onSuccess: () => {
      setCurrent('')
      setNext('')
    },
  })
  const wrong = change.error instanceof Failure && change.error.status === 401
  return (
    <Card title={words.settings.password} className="form-card">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate()
        }}
      >
        <PasswordField
          label={words.settings.currentPassword}
          kind="current"
          value={current}
          onChange={setCurrent}
        />
        <PasswordField label={words.settings.newPassword} kind="new" value={next} onChange={setNext} />
        <Fault error={change.error} told={wrong ? words.signIn.wrong : undefined} />
        {change.isSuccess && <p role="status">{words.settings.changed}</p>}
        <Button type="submit" variant="default" loading={change.isPending}>
          {words.settings.change}
        </Button>
      </form>
    </Card>
  )
}
