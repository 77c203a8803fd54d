// For: the portal, the pages in which people read and act. In: the server's /v1. Out: a page in #portal.
// The theme, the words and the queries are set up here; router.tsx lists the pages.
import '@fontsource-variable/inter/wght.css'
import '@mantine/core/styles.css'
import './look/tokens.css'
import './look/base.css'
import './look/shell.css'
import './look/parts.css'
import './look/items.css'
import './look/overview.css'
import './look/pages.css'
import './look/desk.css'
import './look/known.css'
import './look/value.css'
import './look/loop.css'
import './look/run.css'
import './look/narrow.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { queryClient } from './api/queryClient.ts'
import { theme, variables } from './look/theme.ts'
import { router } from './router.tsx'
import { Speech } from './words/Speech.tsx'
import { loadWords, startLanguage } from './words/words.ts'

const schemes = localStorageColorSchemeManager({ key: 'samklang-theme' })
const language = startLanguage()
const words = await loadWords(language)
const place = document.getElementById('portal')
if (!place) throw new Error('index.html has lost its #portal')

createRoot(place).render(
  <MantineProvider
    theme={theme}
    cssVariablesResolver={variables}
    colorSchemeManager={schemes}
    defaultColorScheme="auto"
  >
    <QueryClientProvider client={queryClient}>
      <Speech language={language} words={words}>
        <RouterProvider router={router} />
      </Speech>
    </QueryClientProvider>
  </MantineProvider>,
)
