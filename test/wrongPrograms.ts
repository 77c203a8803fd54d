/** rightProgram with one thing changed, the text that is pointed at, and what is said of it. */
export const wrongPrograms: ReadonlyArray<[change: [from: string, to: string], at: string, message: string]> =
  [
    [
      ['sv: Leverans', 'sv: "Leverans av {order.prize}"'],
      '{order.prize}',
      'surveys.delivery.name.sv: {order.prize} stands for nothing; did you mean "order.price"?',
    ],
    [
      ['event.weight > 2 }', 'event.weight > 2, delay: P999999Y }'],
      'P999999Y',
      'triggers.delivered.delay: expected a duration of at most 100 years (P100Y); found "P999999Y"',
    ],
    [
      ['kind: transactional', 'kind: transactional\n    expires: PT0S'],
      'PT0S',
      'surveys.delivery.expires: no time is left to answer in',
    ],
    [
      ['when: event.weight > 2 }', 'when: "customer.state.matches(\'(\')" }'],
      "'('",
      'triggers.delivered.when: "(" is no pattern (regular expression)',
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
      ['type: time }\n      delivered', 'type: time, labels: { h: Hour } }\n      delivered'],
      'labels',
      'transactions.order.fields.promisedAt.labels: only a category has labels; this is of type time',
    ],
    [
      [
        '      price:',
        '      kind: { type: category, values: [rest], labels: { rests: Rest } }\n      price:',
      ],
      'rests',
      'transactions.order.fields.kind.labels.rests: "rests" is none of its values; did you mean "rest"?',
    ],
    [
      ['      price:', '      kind: { type: category, labels: { rest: { en: Rest } } }\n      price:'],
      'rest',
      "transactions.order.fields.kind.labels.rest: text is missing in sv, of the workspace's languages",
    ],
    [
      [
        '      price:',
        '      kind: { type: category, labels: { delay: { en: L, sv: S, nb: S } } }\n      price:',
      ],
      'nb',
      "transactions.order.fields.kind.labels.delay.nb: nb is none of the workspace's languages",
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
      'recovery.rules[0].when: unknown name "visit"; there is customer, account, order, unit, employee, answers, response, value, comment, themes, now',
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
    [
      ['themes:', 'workspace:'],
      'workspace',
      'workspace: "workspace" is given already in program.yaml, line 2',
    ],
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
