import { Menu, useMantineColorScheme } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { chooseWorkspace, post } from '../api/client.ts'
import { workspacesQuery } from '../api/queries.ts'
import type { Me } from '../api/wire.ts'
import { languageNames, languages, useSpeech } from '../words/words.ts'
import { mayLeave } from './unsaved.ts'

export const themes = ['light', 'dark', 'auto'] as const

/** Whose page this is: workspace, person, theme, language, leaving. */
export function Account(props: { me: Me; live: boolean }) {
  const { words, language, setLanguage } = useSpeech()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const workspaces = useQuery(workspacesQuery)
  const client = useQueryClient()
  const go = useNavigate()
  const others = (workspaces.data ?? []).filter((each) => each.slug !== props.me.workspace?.slug)
  const { user, employee } = props.me
  const person = user?.name || employee?.name || user?.email || ''
  const leave = async () => {
    if (!(await mayLeave())) return
    await post('/auth/sign-out')
    chooseWorkspace(null)
    client.clear()
    await go({ to: '/sign-in', search: {} })
  }
  const change = async (slug: string) => {
    if (!(await mayLeave())) return
    chooseWorkspace(slug)
    client.clear()
    await go({ to: '/' })
    location.reload()
  }
  return (
    <div className="account">
      <Menu position="top-start" width={230} shadow="md">
        <Menu.Target>
          <button type="button" className="account-button">
            <span
              className={props.live ? 'live up' : 'live'}
              role="img"
              aria-label={props.live ? words.nav.live : words.nav.notLive}
              title={props.live ? words.nav.live : words.nav.notLive}
            />
            <span className="account-names">
              <b>{props.me.workspace?.name ?? words.nav.workspace}</b>
              <small>{person}</small>
            </span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {others.length > 0 && <Menu.Label>{words.nav.workspace}</Menu.Label>}
          {others.map((each) => (
            <Menu.Item key={each.slug} onClick={() => void change(each.slug)}>
              {each.name}
            </Menu.Item>
          ))}
          <Menu.Label>{words.theme.label}</Menu.Label>
          {themes.map((each) => (
            <Menu.Item
              key={each}
              onClick={() => setColorScheme(each)}
              rightSection={colorScheme === each ? '✓' : ''}
            >
              {words.theme[each]}
            </Menu.Item>
          ))}
          <Menu.Label>{words.language.label}</Menu.Label>
          {languages.map((each) => (
            <Menu.Item
              key={each}
              lang={each}
              onClick={() => setLanguage(each)}
              rightSection={language === each ? '✓' : ''}
            >
              {languageNames[each]}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => void leave()}>{words.nav.signOut}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}
