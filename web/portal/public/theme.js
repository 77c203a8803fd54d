// Sets light or dark before the first paint; a file of its own, since the page allows no inline script.
{
  let wish = 'auto'
  try {
    wish = localStorage.getItem('samklang-theme') || 'auto'
  } catch {
    // Storage may be closed to us; then the system decides.
  }
  const dark = wish === 'dark' || (wish !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.mantineColorScheme = dark ? 'dark' : 'light'
}
