// For: taking somebody out of the workspace. In: the member. Out: asked first, with what becomes of their cases.
import { Button, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { send } from '../api/client.ts'
import { peopleQuery } from '../api/queries.ts'
import type { Member } from '../api/wire.ts'
import { Fault } from '../parts/Wrong.tsx'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'

export function RemoveMember(props: { member: Member }) {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const people = useQuery(peopleQuery)
  const [asked, setAsked] = useState(false)
  const { userId, employeeKey, email } = props.member
  const name = props.member.name || email
  const person = people.data?.find(({ id }) => id === (employeeKey ?? `user:${userId}`))
  const open = person?.openCases ?? 0
  const remove = useMutation({
    mutationFn: () => send('DELETE', `/v1/members/${encodeURIComponent(userId)}`),
    onSuccess: () =>
      Promise.all(
        [['members'], ['people'], ['cases']].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  })
  const said = words.settings
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={said.removeMember(name)}
        onClick={() => setAsked(true)}
      >
        {said.remove}
      </Button>
      <Modal
        opened={asked}
        onClose={() => setAsked(false)}
        title={said.removeSure(name)}
        closeButtonProps={{ 'aria-label': words.common.close }}
      >
        <div className="deed">
          <p>{said.removeHelp}</p>
          {open > 0 && (
            <p>
              {/* Whoever is an employee of the program works there, signing in or not. */}
              {employeeKey === null ? said.casesGo(formats.plain(open)) : said.casesStay(formats.plain(open))}
            </p>
          )}
          <Fault error={remove.error} />
          <div className="case-buttons">
            <Button loading={remove.isPending} onClick={() => remove.mutate()} data-autofocus>
              {said.remove}
            </Button>
            <Button variant="default" onClick={() => setAsked(false)}>
              {words.desk.cancel}
            </Button>
          </div>
        </div>
      </Modal>
    </>
  )
}
