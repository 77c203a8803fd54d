import { type Guessed, namesMoney } from '../columns/kind.ts'
import { type Roles, type Suggestion, valued } from './roles.ts'

/** A file of purchases: one row an order, or a line of one. */
export interface Purchases {
  readonly customer: Guessed
  readonly money: Guessed
  /** What several rows of one order share; undefined where each row is a purchase of its own. */
  readonly order: Guessed | undefined
}

/** @returns the columns of a file in which customers bought something, where it has dates as well */
export function purchasesIn(file: Roles): Purchases | undefined {
  const customer =
    file.ids.find(({ profile }) => CUSTOMER.test(profile.name) && profile.distinct > 2) ??
    file.columns.find(isPerson)
  const money = file.numbers.find(({ profile }) => namesMoney(profile.name))
  if (!customer || !money || !file.date) return undefined
  const order = file.columns.find((column) => column !== customer && column !== money && isOrder(column))
  return { customer, money, order }
}

const CUSTOMER = /customer|client|user|member|account|contact|kund/i
const PERSON =
  /(?:^|[\s_.-])(?:e[\s_-]?)?mail(?:[\s_-]?address)?$|e[\s_-]?post(?:adress)?$|buyer|shopper|visitor|billing[\s_]?name|köpare|kjøper|køber|käufer|acheteur|comprador|^kont(?:o|akt)(?:person|nummer|[\s_]?nr|[\s_]?id)?$|person(?:nummer|[\s_]?nr)|användare|bruker|bruger|benutzer|nutzer|utilisateur|medlem|mitglied|subscriber|prenumerant|guest|gäst/i
const MOST_DIFFERENT = 0.9

// Addresses and names of people, where some bought more than once; their names hold blanks and their numbers are whole.
function isPerson({ profile, guess }: Guessed): boolean {
  const { name, present, distinct, whole, meanLength } = profile
  if (!PERSON.test(name) || distinct <= 2 || distinct > MOST_DIFFERENT * present) return false
  const isName =
    guess.kind === 'id' || guess.kind === 'category' || (guess.kind === 'text' && meanLength <= 60)
  return isName || (guess.kind === 'number' && whole)
}

// Lines of an order share its number: a column in which nothing is repeated would change no figure.
function isOrder({ profile, guess }: Guessed): boolean {
  const { name, present, distinct, spaced, numbers, whole } = profile
  if (!ORDER.test(name) || NO_ORDER.test(name) || guess.kind === 'date' || guess.kind === 'scale')
    return false
  const isName = numbers < 0.5 * present || whole
  return isName && spaced < 0.05 && distinct > 0.05 * present && distinct < 0.995 * present
}

const ORDER =
  /(order|ordre|invoice|receipt|basket|transaction|purchase|bill|faktura|kvitto|kvittering|bestellung|rechnung|bestilling|beställning|commande|facture|pedido)[_\s.-]?(id|no|nr|num|number|nummer|key|ref|code|nummer)?$|bon_?(nr|nummer)$/i
const NO_ORDER = /line|item|row|rad|pos|status|type|total|amount|value|date|dat/i

/** Which customers are worth most, orders of several rows counted once. */
export function ofMoney(file: Roles): Suggestion[] {
  const found = purchasesIn(file)
  if (!found) return []
  // Where each customer has one row, the rows are customers, and the amounts no purchases.
  const { distinct, distinctIsExact, present } = found.customer.profile
  if (distinctIsExact && distinct === present) return []
  const options = [
    ...valued('customer', found.customer.profile.name),
    ...file.dateOptions,
    ...valued('amount', found.money.profile.name),
    ...(found.order ? valued('order', found.order.profile.name) : []),
  ]
  return [{ method: 'value', answers: 'Which customers are worth most?', options }]
}
