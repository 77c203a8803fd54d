/** A small program to begin with: one event, one survey, one rule. It is checked by the server like any other. */
export const starter = `samklang: 1
workspace:
  name: My company
  languages: [en, sv, nb]
  timeZone: Europe/Stockholm

contacts:
  fields:
    segment: { type: category, values: [private, business] }

transactions:
  visit:
    fields:
      onTime: { type: boolean, label: Came on time }

events:
  visit.done:
    about: visit
    map:
      contact: { key: data.customer.id, name: data.customer.name, email: data.customer.email }
      transaction:
        key: data.visit
        fields: { onTime: data.onTime }

touchpoints:
  visit: { name: The visit }

surveys:
  visit:
    name: After the visit
    touchpoint: visit
    kind: transactional
    questions:
      - { id: satisfaction, kind: csat, required: true }
      - { id: comment, kind: text }

metrics:
  csat: { kind: csat, label: CSAT, questions: [visit.satisfaction], target: 85 }

triggers:
  afterVisit:
    survey: visit
    on: { event: visit.done }
    delay: PT2H

recovery:
  rules:
    - { id: dissatisfied, when: has(answers.satisfaction) && answers.satisfaction <= 2 }
`
