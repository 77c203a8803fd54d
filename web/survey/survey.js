// What the form does without a script, sooner: answers are kept as they are given, and questions that depend on them
// appear on the same page. Everything is decided by the server; the form alone does the rest.
const form = document.querySelector('[data-survey]')
const questions = document.getElementById('questions')
const kept = document.getElementById('kept')
let waiting = 0
let sending = false
let again = false
let leaving = false

const fields = (go) => {
  const data = new URLSearchParams(new FormData(form))
  data.set('go', go)
  return data
}

async function keep() {
  clearTimeout(waiting)
  waiting = 0
  if (leaving) return
  if (sending) {
    again = true
    return
  }
  sending = true
  try {
    const reply = await fetch(form.action, { method: 'POST', body: fields('keep') })
    if (reply.ok && !leaving) {
      const { shown } = await reply.json()
      if (shown) arrange(shown)
      kept.textContent = kept.dataset.kept
    }
  } catch {
    // Without a connection the answers stay in the form, and the next change tries again.
  }
  sending = false
  if (again) {
    again = false
    keep()
  }
}

// Takes away what is no longer asked, puts in what now is, and leaves alone what stays: somebody may be writing in it.
function arrange(shown) {
  const ids = shown.map((question) => question.id)
  for (const present of [...questions.children]) if (!ids.includes(present.dataset.q)) present.remove()
  let before = null
  for (const { id, html } of shown) {
    let present = [...questions.children].find((child) => child.dataset.q === id)
    if (!present && html) {
      const box = document.createElement('template')
      box.innerHTML = html
      present = box.content.firstElementChild
      questions.insertBefore(present, before ? before.nextSibling : questions.firstChild)
    }
    if (present) before = present
  }
  form.elements.asked.value = [...questions.children].map((child) => child.dataset.q).join(' ')
  // All that is asked now stands here.
  const go = form.querySelector('button[data-send]')
  go.textContent = go.dataset.send
  document.getElementById('pages')?.remove()
}

form.addEventListener('change', keep)
form.addEventListener('input', (event) => {
  if (event.target.type !== 'textarea') return
  kept.textContent = ''
  clearTimeout(waiting)
  waiting = setTimeout(keep, 1200)
})
// What was asked for again has been given.
form.addEventListener('input', ({ target }) => {
  target.removeAttribute('aria-invalid')
  target.closest('[data-q]')?.querySelector('.fault')?.remove()
  if (!form.querySelector('.fault')) document.querySelector('[role=alert]')?.remove()
})
// Enter in a field would send all of it, with nothing left to change; the button sends.
form.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.target.tagName === 'INPUT') event.preventDefault()
})
form.addEventListener('submit', () => {
  leaving = true
  clearTimeout(waiting)
})
addEventListener('pagehide', () => {
  if (waiting && !leaving) navigator.sendBeacon(form.action, fields('keep'))
})
addEventListener('pageshow', () => {
  leaving = false
})

// Digits answer the scale in focus; 0 after 1 makes 10 where there is one.
let typed = ''
form.addEventListener('keydown', (event) => {
  const scale = event.target.closest?.('.scale')
  if (!scale || !/^\d$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return
  const radio = (value) => scale.querySelector(`input[value="${value}"]`)
  const target = radio(typed + event.key) ?? radio(event.key)
  typed = event.key
  if (!target) return
  event.preventDefault()
  target.focus()
  if (!target.checked) target.click()
})

document.querySelector('[aria-invalid], .fault ~ .scale input')?.focus()
