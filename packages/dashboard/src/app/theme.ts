import { effect, signal } from '@preact/signals'

const themes = ['system', 'light', 'dark'] as const
type Theme = (typeof themes)[number]

const key = 'sendbox-theme'

/** A browser that stores nothing for a page throws. */
const stored = (): Theme => {
  try {
    return themes.find(theme => theme === localStorage.getItem(key)) ?? 'system'
  } catch {
    return 'system'
  }
}

/** Light or dark by the system, or by hand. */
const theme = signal<Theme>(stored())

effect(() => {
  document.documentElement.dataset['theme'] = theme.value
  try {
    localStorage.setItem(key, theme.value)
  } catch {
    // The choice lasts as long as the page.
  }
})

const isDark = (): boolean =>
  theme.value === 'dark' ||
  (theme.value === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)

/** Whether the page is dark now. */
export const isDarkNow = isDark

/** Changes between light and dark. */
export function toggleTheme(): void {
  theme.value = isDark() ? 'light' : 'dark'
}
