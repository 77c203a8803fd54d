import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const spruce: MantineColorsTuple = [
  '#e3eeea',
  '#cfe2db',
  '#a9cdc1',
  '#7cc4ae',
  '#5fb79e',
  '#2f7f6b',
  '#1f5d4c',
  '#1f5d4c',
  '#184a3d',
  '#12382e',
]

/** Mantine in Samklang's colours: every colour it uses comes from our tokens. */
export const theme = createTheme({
  fontFamily: 'var(--type)',
  fontFamilyMonospace: 'var(--mono)',
  primaryColor: 'spruce',
  colors: { spruce },
  defaultRadius: 8,
  fontSizes: { xs: '0.8rem', sm: '0.9rem', md: '0.95rem', lg: '1.1rem', xl: '1.3rem' },
  focusClassName: 'focusable',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Modal: { defaultProps: { lockScroll: false, radius: 12, overlayProps: { backgroundOpacity: 0.35 } } },
    Drawer: { defaultProps: { lockScroll: false, overlayProps: { backgroundOpacity: 0.35 } } },
    Select: {
      defaultProps: {
        checkIconPosition: 'right',
        comboboxProps: { shadow: 'md' },
        // The list itself scrolls, not a box within it, which no keyboard would reach.
        withScrollArea: false,
        styles: { options: { maxHeight: 220, overflowY: 'auto' } },
      },
    },
    Button: { defaultProps: { size: 'sm' } },
  },
})

const shared = {
  '--mantine-color-body': 'var(--panel)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--soft)',
  '--mantine-color-placeholder': 'var(--faint)',
  '--mantine-color-anchor': 'var(--spruce)',
  '--mantine-color-error': 'var(--detractor-ink)',
  '--mantine-color-default': 'var(--panel)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-disabled': 'var(--hover)',
  '--mantine-color-disabled-color': 'var(--faint)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-filled': 'var(--spruce)',
  '--mantine-primary-color-filled-hover': 'var(--spruce-hover)',
  '--mantine-primary-color-contrast': 'var(--on-spruce)',
  '--mantine-primary-color-light': 'var(--spruce-soft)',
  '--mantine-primary-color-light-hover': 'var(--spruce-soft)',
  '--mantine-primary-color-light-color': 'var(--spruce)',
  '--mantine-color-spruce-filled': 'var(--spruce)',
  '--mantine-color-spruce-filled-hover': 'var(--spruce-hover)',
  '--mantine-color-spruce-light': 'var(--spruce-soft)',
  '--mantine-color-spruce-light-hover': 'var(--spruce-soft)',
  '--mantine-color-spruce-light-color': 'var(--spruce)',
  '--mantine-color-spruce-outline': 'var(--spruce)',
}

export const variables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared })
