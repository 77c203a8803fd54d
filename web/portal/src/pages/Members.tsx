import { Button, Select, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { post, send } from '../api/client.ts'
import { membersQuery, meQuery, peopleQuery, programQuery } from '../api/queries.ts'
import type { Colleague, Member, Role } from '../api/wire.ts'
import { Card } from '../parts/Card.tsx'
import { Copyable } from '../parts/Copyable.tsx'
import { TableScroll } from '../parts/TableScroll.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Fault, Wrong } from '../parts/Wrong.tsx'
import type { Words } from '../words/shape.ts'
import { useWords } from '../words/words.ts'
import { RemoveMember } from './RemoveMember.tsx'

const roles: Role[] = ['admin', 'cxLead', 'analyst', 'unitManager', 'employee', 'viewer']

/** Who may come in, as what, and which units they see. */
export function Members() {
  const words = useWords()
  const members = useQuery(membersQuery)
  const me = useQuery(meQuery)
  const units = useUnits()
  const employees = useEmployees()
  const client = useQueryClient()
  const change = useMutation({
    mutationFn: (member: Member) =>
      send('PUT', `/v1/members/${encodeURIComponent(member.userId)}`, {
        role: member.role,
        ...(member.unitKey ? { unitKey: member.unitKey } : {}),
        ...(member.employeeKey ? { employeeKey: member.employeeKey } : {}),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['members'] }),
  })
  return (
    <Card title={words.settings.members}>
      {members.isError && <Wrong error={members.error} again={() => void members.refetch()} />}
      {members.isPending && <Waiting lines={3} />}
      <Fault error={change.error} />
      {members.data && (
        <TableScroll label={words.settings.members}>
          <table className="plain-table roomy members">
            <thead>
              <tr>
                <th scope="col">{words.settings.person}</th>
                <th scope="col">{words.settings.role}</th>
                <th scope="col">{words.settings.sees}</th>
                <th scope="col">{words.settings.employee}</th>
                <th scope="col">
                  <span className="hidden">{words.settings.remove}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {members.data.map((member) => (
                <tr key={member.userId}>
                  <th scope="row">
                    {member.name || member.email}
                    {member.name && <small>{member.email}</small>}
                  </th>
                  <td data-name={words.settings.role}>
                    <Select
                      size="xs"
                      aria-label={words.settings.roleOf(member.name || member.email)}
                      data={roles.map((role) => ({ value: role, label: words.settings.roles[role] }))}
                      value={member.role}
                      allowDeselect={false}
                      onChange={(role) => role && change.mutate({ ...member, role: role as Role })}
                    />
                  </td>
                  <td data-name={words.settings.sees}>
                    <Select
                      size="xs"
                      {...choice(words)}
                      aria-label={words.settings.unitOf(member.name || member.email)}
                      placeholder={words.unit.all}
                      data={units}
                      value={member.unitKey ?? null}
                      onChange={(unitKey) => change.mutate({ ...member, unitKey })}
                    />
                  </td>
                  <td data-name={words.settings.employee}>
                    <Select
                      size="xs"
                      {...choice(words)}
                      aria-label={words.settings.employeeOf(member.name || member.email)}
                      placeholder={words.settings.noEmployee}
                      data={employees.map(choiceOf)}
                      value={member.employeeKey ?? null}
                      onChange={(employeeKey) => change.mutate({ ...member, employeeKey })}
                    />
                  </td>
                  <td>{member.userId !== me.data?.user.id && <RemoveMember member={member} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      <Invite />
    </Card>
  )
}

/** Those of the program, one of whom a member may be: their cases, the praise they get, their plans. */
function useEmployees() {
  const people = useQuery(peopleQuery)
  return (people.data ?? []).filter(({ id }) => !id.startsWith('user:'))
}

const choiceOf = ({ id, name }: Colleague) => ({ value: id, label: name ?? id })

function useUnits() {
  const program = useQuery(programQuery)
  return (program.data?.units ?? []).map(({ key, name }) => ({ value: key, label: name }))
}

/** A unit or an employee may be searched for, and taken back. */
const choice = (words: Words) => ({
  searchable: true,
  clearable: true,
  clearButtonProps: { 'aria-label': words.common.clear },
})

/** Roles that see their unit alone. */
const ofUnit = new Set<Role>(['unitManager', 'employee'])

/** A new person gets a link to hand over; it signs in once. */
function Invite() {
  const words = useWords()
  const employees = useEmployees()
  const client = useQueryClient()
  const units = useUnits()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('analyst')
  const [unitKey, setUnit] = useState<string | null>(null)
  const [chosen, setChosen] = useState<string | null | undefined>(undefined)
  const known = employees.find((each) => each.email?.toLowerCase() === email.trim().toLowerCase())
  // An address of the program's says who it is, until somebody says otherwise.
  const employeeKey = chosen === undefined ? (known?.id ?? null) : chosen
  const choose = (id: string | null) => {
    setChosen(id)
    const person = employees.find((each) => each.id === id)
    if (!person) return
    if (person.email && !email.trim()) setEmail(person.email)
    if (person.unitKey && ofUnit.has(role)) setUnit(person.unitKey)
  }
  const invite = useMutation({
    mutationFn: () =>
      post<{ member: Member; link: string | null }>('/v1/members', {
        email,
        role,
        ...(unitKey ? { unitKey } : {}),
        ...(employeeKey ? { employeeKey } : {}),
      }),
    onSuccess: () => {
      setEmail('')
      setChosen(undefined)
      return client.invalidateQueries({ queryKey: ['members'] })
    },
  })
  return (
    <>
      <form
        className="invite-form member-form"
        onSubmit={(event) => {
          event.preventDefault()
          invite.mutate()
        }}
      >
        <TextInput
          type="email"
          label={words.signIn.email}
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Select
          label={words.settings.role}
          data={roles.map((each) => ({ value: each, label: words.settings.roles[each] }))}
          value={role}
          allowDeselect={false}
          onChange={(next) => next && setRole(next as Role)}
        />
        <Select
          label={words.unit.label}
          {...choice(words)}
          placeholder={ofUnit.has(role) ? words.settings.whichUnit : words.unit.all}
          required={ofUnit.has(role)}
          withAsterisk={false}
          data={units}
          value={unitKey}
          onChange={setUnit}
        />
        <Select
          label={words.settings.employee}
          {...choice(words)}
          placeholder={words.settings.noEmployee}
          data={employees.map(choiceOf)}
          value={employeeKey}
          onChange={choose}
        />
        <Button type="submit" variant="default" loading={invite.isPending}>
          {words.settings.invite}
        </Button>
      </form>
      <Fault error={invite.error} />
      {invite.data?.link && (
        <div role="status">
          <p>{words.settings.inviteLink}</p>
          <Copyable text={invite.data.link} />
        </div>
      )}
    </>
  )
}
