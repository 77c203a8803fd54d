// For: coming in. In: a password, or a one-time link spent by a press. Out: a session, and the page one was on the way to.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { Failure, post } from '../api/client.ts'
import { openWorkspace } from '../api/openWorkspace.ts'
import { PasswordField } from '../parts/PasswordField.tsx'
import { Fault } from '../parts/Wrong.tsx'
import { languageNames, languages, useSpeech, useWords } from '../words/words.ts'

export default function SignIn() {
  const words = useWords()
  const { language, setLanguage } = useSpeech()
  const { link, workspace, next } = useSearch({ from: '/sign-in' })
  const go = useNavigate()
  const client = useQueryClient()
  const [choosing, setChoosing] = useState<Person | null>(null)
  useEffect(() => {
    document.title = `${words.signIn.title} · Samklang`
  }, [words])
  const enter = async () => {
    await client.invalidateQueries()
    client.removeQueries({ queryKey: ['me'] })
    // Only addresses of our own: an address from outside must not lead a person away after signing in.
    const target = next?.startsWith('/') && !next.startsWith('//') ? next : '/'
    await go({ href: target, replace: true })
  }
  return (
    <main className="sign-in">
      <div className="sign-in-box">
        <p className="brand">Samklang</p>
        {choosing ? (
          <ChoosePassword person={choosing} onDone={enter} />
        ) : link ? (
          <UseLink link={link} workspace={workspace} onChoose={setChoosing} onDone={enter} />
        ) : (
          <ByPassword onDone={enter} />
        )}
        <p className="sign-in-languages">
          {languages.map((each) => (
            <button
              key={each}
              type="button"
              lang={each}
              className="text-button"
              aria-pressed={language === each}
              onClick={() => setLanguage(each)}
            >
              {languageNames[each]}
            </button>
          ))}
        </p>
      </div>
    </main>
  )
}

function ByPassword(props: { onDone: () => Promise<void> }) {
  const words = useWords()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const enter = useMutation({
    mutationFn: () => post('/auth/sign-in/email', { email, password }),
    onSuccess: props.onDone,
  })
  const wrong = enter.error instanceof Failure && enter.error.status === 401
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        enter.mutate()
      }}
    >
      <h1>{words.signIn.title}</h1>
      <EmailField value={email} onChange={setEmail} />
      <PasswordField label={words.signIn.password} kind="current" value={password} onChange={setPassword} />
      <Fault error={enter.error} told={wrong ? words.signIn.wrong : undefined} />
      <Button type="submit" size="md" fullWidth loading={enter.isPending}>
        {words.signIn.enter}
      </Button>
      <p className="hint">{words.signIn.help}</p>
    </form>
  )
}

function EmailField(props: { value: string; onChange: (email: string) => void }) {
  const words = useWords()
  return (
    <TextInput
      label={words.signIn.email}
      type="email"
      autoComplete="username"
      required
      withAsterisk={false}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  )
}

/** Opening the link spends nothing, so that a preview of it cannot use it up; the press does. */
function UseLink(props: {
  link: string
  workspace: string | undefined
  onChoose: (person: Person) => void
  onDone: () => Promise<void>
}) {
  const words = useWords()
  const go = useNavigate()
  const spend = useMutation({
    mutationFn: () => post<{ user: Person; needsPassword: boolean }>('/auth/link', { token: props.link }),
    onSuccess: async (answer) => {
      // Of several workspaces the link may say which it leads to; at once, since one may leave before choosing a password.
      if (props.workspace) await openWorkspace(props.workspace)
      if (answer.needsPassword) props.onChoose(answer.user)
      else await props.onDone()
    },
  })
  const spent = spend.error instanceof Failure && spend.error.status === 410
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        spend.mutate()
      }}
    >
      <h1>{words.signIn.linkTitle}</h1>
      <p>{words.signIn.linkLead}</p>
      <Fault error={spend.error} told={spent ? words.signIn.linkSpent : undefined} />
      {spent ? (
        <Button variant="default" size="md" fullWidth onClick={() => void go({ to: '/sign-in', search: {} })}>
          {words.signIn.title}
        </Button>
      ) : (
        <Button type="submit" size="md" fullWidth loading={spend.isPending}>
          {words.signIn.useLink}
        </Button>
      )}
    </form>
  )
}

interface Person {
  name: string
  email: string
}

function ChoosePassword(props: { person: Person; onDone: () => Promise<void> }) {
  const words = useWords()
  // The first owner has an address that is nobody's until they give their own.
  const nobody = props.person.email.endsWith('.invalid')
  const [email, setEmail] = useState(nobody ? '' : props.person.email)
  const [name, setName] = useState(nobody ? '' : props.person.name)
  const [password, setPassword] = useState('')
  const set = useMutation({
    mutationFn: () =>
      post('/auth/password', { password, email, ...(name.trim() ? { name: name.trim() } : {}) }),
    onSuccess: props.onDone,
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        set.mutate()
      }}
    >
      <h1>{words.signIn.choose}</h1>
      <p>{words.signIn.chooseLead}</p>
      <EmailField value={email} onChange={setEmail} />
      <TextInput
        label={words.signIn.name}
        autoComplete="name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PasswordField label={words.settings.newPassword} kind="new" value={password} onChange={setPassword} />
      <Fault error={set.error} />
      <Button type="submit" size="md" fullWidth loading={set.isPending}>
        {words.signIn.set}
      </Button>
      <Button variant="subtle" fullWidth onClick={() => void props.onDone()}>
        {words.signIn.later}
      </Button>
    </form>
  )
}
