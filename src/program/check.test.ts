import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import Value from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { checkProgram, checkReport, faultLines } from './check.ts'
import { ProgramSchema } from './schema.ts'
import { reportShape } from './shape.ts'

const lines = [
  'samklang: 1',
  'workspace: { name: Shop, languages: [en, sv], timeZone: Europe/Stockholm }',
  'contacts:',
  '  fields:',
  '    state: { type: category, values: [new, regular] }',
  'transactions:',
  '  order:',
  '    fields:',
  '      price: { type: number, unit: SEK }',
  '      promisedAt: { type: time }',
  '      deliveredAt: { type: time }',
  "      late: { type: boolean, derive: 'order.deliveredAt > order.promisedAt' }",
  'events:',
  '  order.delivered:',
  '    about: order',
  '    fields: { weight: { type: number } }',
  '    map:',
  '      contact: { key: data.customer.id, fields: { state: data.customer.state } }',
  '      transaction: { key: data.order.id, fields: { deliveredAt: time, price: data.order.price } }',
  '      fields: { weight: data.weight }',
  'touchpoints:',
  '  delivery: { name: Delivery }',
  'metrics:',
  '  csat: { kind: csat, questions: [delivery.satisfaction] }',
  'surveys:',
  '  delivery:',
  '    name: { en: Delivery, sv: Leverans }',
  '    touchpoint: delivery',
  '    kind: transactional',
  '    questions:',
  '      - { id: satisfaction, kind: csat }',
  '      - { id: comment, kind: text, text: Why?, show: answers.satisfaction <= 2 }',
  '      - { id: standing, kind: choice, text: You are?, choices: [{ value: new, text: New }, { value: regular, text: Old }], answeredBy: { field: customer.state } }',
  'triggers:',
  '  delivered: { survey: delivery, on: { event: order.delivered }, when: event.weight > 2 }',
  '  promised: { survey: delivery, on: { date: order.promisedAt }, unless: has(order.deliveredAt) }',
  'recovery:',
  '  rules:',
  '    - { id: unhappy, when: answers.satisfaction <= 2 && order.price > 100 }',
  'themes:',
  '  - { id: speed, name: Speed }',
]
const base = lines.join('\n')
const check = (text: string, path = 'program.yaml') => checkProgram([{ path, text }])

/** The right program with one thing changed, the text that is pointed at, and what is said of it. */
const wrong: ReadonlyArray<[change: [from: string, to: string], at: string, message: string]> = [
  [
    ['sv: Leverans', 'sv: "Leverans av {order.prize}"'],
    '{order.prize}',
    'surveys.delivery.name.sv: {order.prize} stands for nothing; did you mean "order.price"?',
  ],
  [['samklang: 1', 'samklang: 2'], '2', 'samklang: expected 1, found 2'],
  [['surveys:', 'surveis:'], 'samklang', '"surveys" is missing: what is asked'],
  [
    ['Europe/Stockholm', 'Europe/Stokholm'],
    'Europe',
    'workspace.timeZone: expected an IANA time zone, such as Europe/Stockholm; found "Europe/Stokholm"',
  ],
  [['[en, sv]', '[en, da]'], 'da', 'workspace.languages[1]: expected one of en, sv, nb; found "da"'],
  [['[en, sv]', '[en, en]'], 'en', 'workspace.languages[1]: "en" stands twice in the list'],
  [['[en, sv]', '[]'], '[], ti', 'workspace.languages: expected at least one in the list, found 0'],
  [
    ['[en, sv]', '[en, sv, nb]'],
    'name',
    "surveys.delivery.name: text is missing in nb, of the workspace's languages",
  ],
  [
    ['type: number, unit: SEK', 'type: nummer'],
    'nummer',
    'transactions.order.fields.price.type: expected one of text, number, boolean, time, category; found "nummer"; did you mean "number"?',
  ],
  [
    ['type: time }\n      delivered', 'type: time, unit: h }\n      delivered'],
    'unit',
    'transactions.order.fields.promisedAt.unit: only a number has a unit; this is of type time',
  ],
  [
    ['      price:', '      Price paid:'],
    'Price paid',
    'transactions.order.fields."Price paid": expected a name in camelCase, such as deliveredAt; found "Price paid"',
  ],
  [
    ['      price:', '      key:'],
    'key',
    'transactions.order.fields.key: "key" is always there; it needs no declaring',
  ],
  [
    ['  order:\n', '  case:\n'],
    'case',
    'transactions.case: "case" has a meaning of its own; choose another name',
  ],
  [
    ['order.deliveredAt > order.promisedAt', 'order.delivered > order.promisedAt'],
    'delivered',
    'transactions.order.fields.late.derive: order has no field "delivered"; did you mean "deliveredAt"?',
  ],
  [
    ['order.deliveredAt > order.promisedAt', 'order.late || order.price > 1'],
    'order.late',
    'transactions.order.fields.late.derive: goes in a circle: order.late -> order.late',
  ],
  [
    ['order.deliveredAt > order.promisedAt', 'order.price'],
    'order.price',
    'transactions.order.fields.late.derive: expected a condition (true or false), but this gives a number',
  ],
  [
    ['about: order', 'about: ordre'],
    'ordre',
    'events."order.delivered".about: there is no transaction "ordre"; did you mean "order"?',
  ],
  [
    ['about: order', 'label: Delivered'],
    'transaction',
    'events."order.delivered".map.transaction: "about" must say which transaction the event is about',
  ],
  [
    ['state: data.customer.state', 'stat: data.customer.state'],
    'stat',
    'events."order.delivered".map.contact.fields.stat: customer has no field "stat"; did you mean "state"?',
  ],
  [
    ['fields: { deliveredAt: time', 'fields: { late: time'],
    'late',
    'events."order.delivered".map.transaction.fields.late: "late" is derived, so that no event gives it',
  ],
  [
    ['weight: data.weight', 'weight: data.[weight'],
    '[weigh',
    'not valid YAML: Unexpected flow-seq-start at node end',
  ],
  [
    ['touchpoint: delivery', 'touchpoint: delivry'],
    'delivry',
    'surveys.delivery.touchpoint: there is no touchpoint "delivry"; did you mean "delivery"?',
  ],
  [
    ['kind: transactional', 'kind: transaction'],
    'transaction',
    'surveys.delivery.kind: expected one of transactional, relationship; found "transaction"; did you mean "transactional"?',
  ],
  [
    ['kind: text,', 'kind: texts,'],
    'texts',
    'surveys.delivery.questions[1].kind: expected one of nps, csat, ces, rating, choice, multiChoice, text, contactMe; found "texts"; did you mean "text"?',
  ],
  [
    ['text: You are?, ', ''],
    '{ id',
    'surveys.delivery.questions[2]: "text" is missing; a choice question has no usual wording',
  ],
  [
    ['id: comment', 'id: satisfaction'],
    'satisfaction',
    'surveys.delivery.questions[1].id: the question "satisfaction" stands twice in the survey',
  ],
  [
    ['show: answers.satisfaction <= 2', 'show: answers.standing == "new"'],
    'standing',
    'surveys.delivery.questions[1].show: "standing" is not answered yet when this question is shown',
  ],
  [
    ['show: answers.satisfaction <= 2', 'show: answers.satisfaction == "bad"'],
    'answers.satisfaction',
    'surveys.delivery.questions[1].show: == does not go with a number and text',
  ],
  [
    ['show: answers.satisfaction <= 2', 'show: satisfaction <= 2'],
    'satisfaction',
    'surveys.delivery.questions[1].show: unknown name "satisfaction"; there is customer, account, order, unit, employee, answers, now',
  ],
  [
    ['show: answers.satisfaction <= 2', 'show: answers.satisfaction <='],
    ' }',
    'surveys.delivery.questions[1].show: not valid CEL: Unexpected token: EOF',
  ],
  [
    ['field: customer.state', 'field: customer.segment'],
    'customer.segment',
    'surveys.delivery.questions[2].answeredBy.field: customer has no field "segment"; there is state',
  ],
  [
    ['field: customer.state', 'field: order.price'],
    'order.price',
    'surveys.delivery.questions[2].answeredBy.field: a choice question cannot be answered by a field of type number, unless "values" tells how',
  ],
  [
    ['field: customer.state', 'field: customer.state, values: { new: newest }'],
    'newest',
    'surveys.delivery.questions[2].answeredBy.values.new: the question has no choice "newest"; there is new, regular',
  ],
  [
    ['csat, questions: [delivery.satisfaction]', 'csat, questions: [delivery.comment]'],
    'delivery.comment',
    'metrics.csat.questions[0]: csat is made of csat; "delivery.comment" is a text question',
  ],
  [
    ['csat, questions: [delivery.satisfaction]', 'csat, questions: [delivery.satisfied]'],
    'delivery.satisfied',
    'metrics.csat.questions[0]: delivery has no question "satisfied"; there is satisfaction, comment, standing',
  ],
  [
    ['kind: csat, questions: [delivery', 'kind: share, questions: [delivery'],
    'csat',
    'metrics.csat: "counts" is missing: the answers that count as yes',
  ],
  [
    ['delivered: { survey: delivery', 'delivered: { survey: deliveri'],
    'deliveri',
    'triggers.delivered.survey: there is no survey "deliveri"; did you mean "delivery"?',
  ],
  [
    ['event: order.delivered', 'event: order.deliverd'],
    'order.deliverd',
    'triggers.delivered.on.event: there is no event "order.deliverd"; did you mean "order.delivered"?',
  ],
  [
    ['on: { event: order.delivered }', 'on: { events: order.delivered }'],
    '{ even',
    'triggers.delivered.on: expected a map with "event" or "date"',
  ],
  [
    ['when: event.weight > 2', 'delay: 2 days'],
    '2 days',
    'triggers.delivered.delay: expected an ISO 8601 duration, such as P3M or PT48H, found "2 days"',
  ],
  [
    ['when: event.weight > 2', 'delay: P2H'],
    'P2H',
    'triggers.delivered.delay: expected an ISO 8601 duration, such as P3M or PT48H; found "P2H"',
  ],
  [
    ['when: event.weight > 2', 'when: customer.state == "regulr"'],
    '"regulr"',
    'triggers.delivered.when: "regulr" is none of its values; did you mean "regular"?',
  ],
  [
    ['when: event.weight > 2', 'unless: event.weight > 2'],
    'event.weight',
    'triggers.delivered.unless: unknown name "event"; there is customer, account, order, unit, employee, now',
  ],
  [
    ['when: event.weight > 2', 'sample: 0'],
    '0',
    'triggers.delivered.sample: expected a number above 0 and at most 1, found 0',
  ],
  [
    ['date: order.promisedAt', 'date: order.price'],
    'order.price',
    'triggers.promised.on.date: expected a field of type time; order.price is of type number',
  ],
  [
    ['order.price > 100', 'visit.price > 100'],
    'visit.price',
    'recovery.rules[0].when: unknown name "visit"; there is customer, account, order, unit, employee, answers, response, now',
  ],
  [
    ['name: Speed }', 'name: Speed, parent: spede }'],
    'spede',
    'themes[0].parent: there is no theme "spede"; did you mean "speed"?',
  ],
  [
    ['name: Speed }', 'name: Speed, parent: speed }'],
    'speed',
    'themes[0].parent: the theme "speed" stands above itself',
  ],
  [['themes:', 'workspace:'], 'workspace', 'workspace: "workspace" is given already in program.yaml, line 2'],
  [
    ['  - { id: speed, name: Speed }', '  - { id: speed'],
    '',
    'not valid YAML: Flow map in block collection must be sufficiently indented and end with a }',
  ],
  [
    ['speed, name: Speed', 'constructor, name: { constructor: x }'],
    'constructor',
    'themes[0].id: "constructor" cannot be used as a name; choose another',
  ],
  [
    ['id: comment', 'id: toString'],
    'toString',
    'surveys.delivery.questions[1].id: "toString" cannot be used as a name; choose another',
  ],
  [
    ['{ name: Delivery }', '{ name: Delivery, step: pay }'],
    'pay',
    'touchpoints.delivery.step: there is no step "pay" in the journey',
  ],
  [
    ['kind: csat, questions', 'kind: nps, questions'],
    'delivery.satisfaction',
    'metrics.csat.questions[0]: nps is made of nps; "delivery.satisfaction" is a csat question',
  ],
  [
    ['state: { type', 'state: { kind'],
    'state',
    'contacts.fields.state: "type" is missing: text, number, boolean, time or category (a text with few values)',
  ],
  [
    ['[new, regular]', '[new, new]'],
    'new',
    'contacts.fields.state.values[1]: "new" stands twice in the list',
  ],
  [
    ['answers.satisfaction <= 2', 'answers.satisfaction'],
    'answers.satisfaction',
    'surveys.delivery.questions[1].show: expected a condition (true or false), but this gives a number',
  ],
  [
    ['key: data.order.id', 'key: $foo('],
    '(, fie',
    'events."order.delivered".map.transaction.key: not valid JSONata: Expected ")" before end of expression',
  ],
]

describe('a program', () => {
  it('is taken when it is right', () => {
    const { program, version, faults } = check(base)
    expect(faultLines(faults)).toBe('')
    expect(program?.version).toBe(version)
    expect(version).toMatch(/^[0-9a-f]{16}$/)
  })

  it.each(wrong)('is refused by line: %j', ([from, to], at, message) => {
    expect(base).toContain(from)
    const text = base.replace(from, to)
    const [fault] = check(text).faults
    expect(fault && `${fault.where ? `${fault.where}: ` : ''}${fault.message}`).toBe(message)
    expect(text.split('\n')[fault!.line - 1]?.slice(fault!.column - 1)).toSatisfy((rest: string) =>
      rest.startsWith(at),
    )
  })

  it('prints a fault as file, line, column, path and message', () => {
    const { faults } = check(base.replace('kind: text,', 'kind: texts,'), 'shop.yaml')
    expect(faultLines(faults)).toBe(
      'shop.yaml:32:30 surveys.delivery.questions[1].kind: expected one of nps, csat, ces, rating, choice, multiChoice, text, contactMe; found "texts"; did you mean "text"?',
    )
  })

  it('is reported with what it holds, or with its faults and how many', () => {
    const { version } = check(base)
    expect(checkReport(check(base))).toBe(
      `Shop: no faults. Version ${version}: 1 event, 1 survey, 1 metric, 2 triggers.\n`,
    )
    expect(checkReport(check(base.replace('samklang: 1', 'samklang: 2')))).toBe(
      'program.yaml:1:11 samklang: expected 1, found 2\n1 fault\n',
    )
    const many = Array.from({ length: 300 }, (_, at) => `x${at}: 1`).join('\n')
    expect(checkReport(check(many))).toMatch(/\n200 faults or more\n$/)
  })

  it('may be written in several files', () => {
    const at = lines.indexOf('touchpoints:')
    const files = [
      { path: 'data.yaml', text: lines.slice(0, at).join('\n') },
      { path: 'listening.yaml', text: ['samklang: 1', ...lines.slice(at)].join('\n') },
    ]
    const result = checkProgram(files)
    expect(faultLines(result.faults)).toBe('')
    expect(result.version).toBe(check(base).version)
  })

  it('tells a key that two files give', () => {
    const more = {
      path: 'more.yaml',
      text: 'touchpoints:\n  delivery: { name: Again }\n  desk: { name: Desk }',
    }
    const { faults } = checkProgram([{ path: 'program.yaml', text: base }, more])
    expect(faultLines(faults)).toBe(
      'more.yaml:2:15 touchpoints.delivery.name: "name" is given already in program.yaml, line 22',
    )
  })

  it('keeps its version when only comments and layout change', () => {
    const { version } = check(
      `# A comment\n${base.replace('{ id: speed, name: Speed }', '{name: Speed, id: speed}')}`,
    )
    expect(version).toBe(check(base).version)
    expect(check(base.replace('> 100', '> 101')).version).not.toBe(version)
  })

  it('tells units that stand above themselves, or on the wrong level', () => {
    const units = [
      'units:',
      '  levels: [market, team]',
      '  list:',
      '    - { key: a, level: market, name: A, parent: b }',
      '    - { key: b, level: market, name: B, parent: a }',
      '    - { key: c, level: team, name: C, parent: d }',
      '    - { key: d, level: team, name: D, parent: a }',
      'employees:',
      '  - { key: e, name: E, unit: x }',
    ]
    expect(faultLines(check(`${base}\n${units.join('\n')}`).faults)).toBe(
      [
        'program.yaml:45:49 units.list[0].parent: the unit "a" stands above itself',
        'program.yaml:46:49 units.list[1].parent: the unit "b" stands above itself',
        'program.yaml:47:47 units.list[2].parent: a team stands below a level above it (market > team), "d" is a team',
        'program.yaml:50:30 employees[0].unit: there is no unit "x"; there is a, b, c, d',
      ].join('\n'),
    )
  })
})

describe('a hostile document', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
  for (let at = 1; at < 10; at++) {
    const name = String.fromCharCode(97 + at)
    const before = String.fromCharCode(96 + at)
    bomb.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`)
  }
  it.each([
    ['a YAML bomb', bomb.join('\n'), 'expected at most 100000 values in all'],
    ['an alias to what is around it', 'surveys: &a { x: *a }', '*a stands within itself'],
    ['an alias to nothing', 'surveys: *nothing', 'nothing'],
    ['deep nesting', `surveys: ${'['.repeat(5000)}`, 'program.yaml'],
    [
      'deep nesting that closes',
      `surveys: ${'['.repeat(500)}${']'.repeat(500)}`,
      'expected at most 40 levels',
    ],
    ['a huge file', `# ${'x'.repeat(1_000_001)}`, 'expected at most 1000000 characters'],
    ['a key that changes prototypes', '__proto__: { x: 1 }', '"__proto__" cannot be a key'],
    ['a list', '- a', 'expected a map'],
    ['a number', '12', 'expected a map'],
    ['nothing', '', '"workspace" is missing'],
    ['two documents', 'a: 1\n---\nb: 2', 'not valid YAML'],
    ['keys that are no texts', '? [a, b]\n: c', 'not valid YAML'],
    ['a number without end', 'samklang: .inf', 'finite'],
    ['control characters', 'a: \u0000\u0001', 'program.yaml'],
    ['the character 0', 'workspace: { name: "a\\0b" }', 'expected text of valid Unicode'],
    ['half a surrogate pair', 'workspace: { name: "\\uD800" }', 'expected text of valid Unicode'],
    ['the character 0 as a key', '"a\\0b": 1', 'expected a key of valid Unicode'],
    ['half a surrogate pair in a comment', '# \ud800', 'expected text of valid Unicode'],
    ['many repeated keys', 'a: 1\n'.repeat(50_000), 'given already'],
  ])('is refused: %s', (_, text, said) => {
    expect(faultLines(check(text).faults)).toContain(said)
  })

  it.each([
    '../program.yaml',
    '/etc/program.yaml',
    'a/../b.yaml',
    '.hidden.yaml',
    'a\\b.yaml',
    'program',
    '',
  ])('is refused for its path: %j', (path) => {
    expect(faultLines(checkProgram([{ path, text: base }]).faults)).toContain('expected a relative path')
  })

  it('is refused when one file is given twice', () => {
    const file = { path: 'a/program.yaml', text: base }
    expect(faultLines(checkProgram([file, file]).faults)).toBe('a/program.yaml:1:1 this file is there twice')
  })

  it('is refused when there are no files, or too many', () => {
    expect(checkProgram([]).faults).toHaveLength(1)
    const files = Array.from({ length: 201 }, (_, at) => ({ path: `${at}.yaml`, text: '' }))
    expect(checkProgram(files).faults).toHaveLength(1)
  })

  it('never makes the check throw, whatever is changed in a right one', () => {
    const junk = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '*a',
        '&a ',
        '!!binary ',
        ': ',
        '- ',
        '\n',
        '  ',
        '"',
        "'",
        '|\n',
        '1e999',
      ),
    )
    fc.assert(
      fc.property(fc.nat(base.length), fc.nat(12), junk, (at, length, text) => {
        const { program, faults } = check(base.slice(0, at) + text + base.slice(at + length))
        expect(program === undefined).toBe(faults.length > 0)
        for (const fault of faults) expect(fault.line).toBeGreaterThan(0)
      }),
      { numRuns: 300 },
    )
  })

  it('never makes the check throw, whatever its values are', () => {
    const names = fc.constantFrom(
      ...Object.keys(ProgramSchema.properties),
      ...['fields', 'type', 'questions', 'kind', 'list', 'parent', 'toString', 'constructor', 'map', 'order'],
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('csat', 'order', 'number', 'customer.state', 'P1D', 'answers.x > 1', 'data.x', ''),
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(names, tie('value'), { maxKeys: 5 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(names, value, { maxKeys: 16 }), (document) => {
        const text = JSON.stringify(document)
        const { program, faults } = check(text)
        expect(program === undefined).toBe(faults.length > 0)
        const said: string[] = []
        reportShape(ProgramSchema, JSON.parse(text), (_, message) => said.push(message))
        expect(said.length > 0).toBe(!Value.Check(ProgramSchema, JSON.parse(text)))
        // Every departure has words of its own; the last resort is for schemas that grew past the walk.
        expect(said).not.toContain('the document does not have the form of a program')
      }),
      { numRuns: 300 },
    )
  })
})

describe('the programs that come with the product', () => {
  const folder = resolve(import.meta.dirname, '../../programs')
  it.each(readdirSync(folder))('%s is right', (name) => {
    const names = readdirSync(join(folder, name)).filter((file) => /\.ya?ml$/.test(file))
    const files = names.map((path) => ({ path, text: readFileSync(join(folder, name, path), 'utf8') }))
    expect(faultLines(checkProgram(files).faults)).toBe('')
  })
})
