// For: telling other systems. In: an admin. Out: webhooks and chat channels: made, changed, tried, their posts replayed.
import { useMay } from '../api/useMay.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Page } from '../shell/Page.tsx'
import { SubNav } from '../shell/SubNav.tsx'
import { useWords } from '../words/words.ts'
import { Channels } from './hooks/Channels.tsx'
import { Webhooks } from './hooks/Webhooks.tsx'

export default function Hooks() {
  const words = useWords()
  const admin = useMay('admin')
  return (
    <Page title={words.settings.title}>
      <SubNav of="settings" />
      {admin ? (
        <>
          <Webhooks />
          <Channels />
        </>
      ) : (
        <EmptyState title={words.nav.hooks} help={words.failure.denied} />
      )}
    </Page>
  )
}
