// For: oneself and who else may come in. In: the person's rights. Out: password, look, members, API keys.
import { Button, PasswordInput, SegmentedControl, Select, Switch, useMantineColorScheme } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Failure, post, send } from '../api/client.ts'
import { membersQuery, meQuery, programQuery } from '../api/queries.ts'
import type { Member, Role } from '../api/wire.ts'
import { Card } from '../parts/Card.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Fault, Wrong } from '../parts/Wrong.tsx'
import { themes } from '../shell/Account.tsx'
import { Page } from '../shell/Page.tsx'
import { setShortcuts, shortcutsOn } from '../shell/Shortcuts.tsx'
import { type Language, languageNames, languages, useSpeech, useWords } from '../words/words.ts'
import { ApiKeys } from './ApiKeys.tsx'

export default function Settings() {
  const words = useWords()
  const me = useQuery(meQuery)
  const admin = me.data?.role === 'admin' || me.data?.scopes?.includes('admin')
  return (
    <Page title={words.settings.title}>
      <div className="row halves">
        <Look />
        <Password />
      </div>
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
        <PasswordInput
          label={words.settings.currentPassword}
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label={words.settings.newPassword}
          description={words.settings.passwordHint}
          autoComplete="new-password"
          minLength={10}
          required
          withAsterisk={false}
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        {wrong ? (
          <p className="fault" role="alert">
            {words.signIn.wrong}
          </p>
        ) : (
          <Fault error={change.error} />
        )}
        {change.isSuccess && <p role="status">{words.settings.changed}</p>}
        <Button type="submit" variant="default" loading={change.isPending}>
          {words.settings.change}
        </Button>
      </form>
    </Card>
  )
}

const roles: Role[] = ['admin', 'cxLead', 'analyst', 'unitManager', 'employee', 'viewer']

function Members() {
  const words = useWords()
  const members = useQuery(membersQuery)
  const program = useQuery(programQuery)
  const client = useQueryClient()
  const change = useMutation({
    mutationFn: (member: Member) =>
      send('PUT', `/v1/members/${encodeURIComponent(member.userId)}`, {
        role: member.role,
        unitKey: member.unitKey ?? null,
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['members'] }),
  })
  return (
    <Card title={words.settings.members}>
      {members.isError && <Wrong error={members.error} again={() => void members.refetch()} />}
      {members.isPending && <Waiting lines={3} />}
      <Fault error={change.error} />
      {members.data && (
        <div className="table-scroll">
          <table className="plain-table roomy">
            <thead>
              <tr>
                <th scope="col">{words.settings.person}</th>
                <th scope="col">{words.settings.role}</th>
                <th scope="col">{words.settings.sees}</th>
              </tr>
            </thead>
            <tbody>
              {members.data.map((member) => (
                <tr key={member.userId}>
                  <th scope="row">
                    {member.name || member.email}
                    {member.name && <small>{member.email}</small>}
                  </th>
                  <td>
                    <Select
                      size="xs"
                      aria-label={words.settings.roleOf(member.name || member.email)}
                      data={roles.map((role) => ({ value: role, label: words.settings.roles[role] }))}
                      value={member.role}
                      allowDeselect={false}
                      onChange={(role) => role && change.mutate({ ...member, role: role as Role })}
                    />
                  </td>
                  <td>
                    <Select
                      size="xs"
                      searchable
                      clearable
                      clearButtonProps={{ 'aria-label': words.common.clear }}
                      aria-label={words.settings.unitOf(member.name || member.email)}
                      placeholder={words.unit.all}
                      data={(program.data?.units ?? []).map((unit) => ({
                        value: unit.key,
                        label: unit.name,
                      }))}
                      value={member.unitKey ?? null}
                      onChange={(unitKey) => change.mutate({ ...member, unitKey })}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  )
}
