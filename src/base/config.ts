// For: every setting the process takes, validated in one place.
// In: the environment (names beginning with SAMKLANG_, and the few that other programs share).
// Out: one frozen Config; docs/configuration.md documents the same list, held together by a test.
import { resolve } from 'node:path'
import { type Fault, Refusal } from './errors.ts'

export interface Config {
  port: number
  host: string
  publicUrl: string
  dataFolder: string
  databaseUrl: string | undefined
  clickhouseUrl: string | undefined
  smtpUrl: string | undefined
  mailFrom: string
  mailboxPort: number
  replyTo: string | undefined
  inboundPort: number | undefined
  inboundHost: string
  privateHooks: boolean
  roles: ReadonlyArray<'web' | 'worker'>
  logLevel: string
  logPretty: boolean
  secret: string | undefined
  trustProxy: boolean
}

interface Setting {
  name: string
  /** Shown in docs/configuration.md. */
  meaning: string
  default: string
  read(text: string): unknown
  key: keyof Config
}

const wrong = (expected: string): never => {
  throw new Error(`expected ${expected}`)
}
const port = (text: string) =>
  /^\d+$/.test(text) && Number(text) <= 65535 ? Number(text) : wrong('a port, 0 to 65535')
const flag = (text: string) => (text === 'true' ? true : text === 'false' ? false : wrong('true or false'))
const optional = (text: string) => (text === '' ? undefined : text)
const url =
  (...schemes: string[]) =>
  (text: string) => {
    if (text === '') return undefined
    const found = URL.canParse(text) ? new URL(text).protocol.slice(0, -1) : ''
    return schemes.includes(found)
      ? text.replace(/\/+$/, '')
      : wrong(`an address beginning with ${schemes.join(':// or ')}://`)
  }
const oneOf =
  (...choices: string[]) =>
  (text: string) =>
    choices.includes(text) ? text : wrong(`one of ${choices.join(', ')}`)
const processRoles = (text: string) => {
  const roles = text.split(',').map((role) => role.trim())
  return roles.length > 0 && roles.every((role) => role === 'web' || role === 'worker')
    ? roles
    : wrong('web, worker or web,worker')
}

/** Whether a terminal may be given colours: NO_COLOR, set to anything, asks for none.
 * @see https://no-color.org
 */
export const allowsColour = (environment: Record<string, string | undefined> = process.env): boolean =>
  (environment.NO_COLOR ?? '') === ''

/** All settings, in the order they are documented. */
export const settings: readonly Setting[] = [
  {
    key: 'port',
    name: 'SAMKLANG_PORT',
    default: '4000',
    read: port,
    meaning: 'Port of the HTTP server. 0 takes any free port.',
  },
  {
    key: 'host',
    name: 'SAMKLANG_HOST',
    default: '127.0.0.1',
    read: (text) => text || wrong('an address to listen on'),
    meaning: 'Address to listen on. 0.0.0.0 listens on all.',
  },
  {
    key: 'publicUrl',
    name: 'SAMKLANG_PUBLIC_URL',
    default: '',
    read: url('http', 'https'),
    meaning:
      'Address people reach the server by; it stands in links and mails. Empty: http://localhost and the port.',
  },
  {
    key: 'dataFolder',
    name: 'SAMKLANG_DATA',
    default: 'data',
    read: (text) => resolve(text),
    meaning: 'Folder of the built-in stores and of the secret made at first start.',
  },
  {
    key: 'databaseUrl',
    name: 'DATABASE_URL',
    default: '',
    read: url('postgres', 'postgresql'),
    meaning: 'PostgreSQL 15 or later for the truth. Empty: PGlite in the data folder.',
  },
  {
    key: 'clickhouseUrl',
    name: 'CLICKHOUSE_URL',
    default: '',
    read: url('http', 'https'),
    meaning:
      'ClickHouse for the facts, with user and database in the address. Empty: chDB in the data folder.',
  },
  {
    key: 'smtpUrl',
    name: 'SMTP_URL',
    default: '',
    read: url('smtp', 'smtps'),
    meaning: 'Mail server, with user and password in the address. Empty: the built-in development mailbox.',
  },
  {
    key: 'mailFrom',
    name: 'SAMKLANG_MAIL_FROM',
    default: 'Samklang <feedback@localhost>',
    read: (text) => (text.includes('@') ? text : wrong('an e-mail address')),
    meaning: 'Sender of mails when the program names none.',
  },
  {
    key: 'mailboxPort',
    name: 'SAMKLANG_MAILBOX_PORT',
    default: '0',
    read: port,
    meaning: 'SMTP port of the development mailbox on 127.0.0.1. 0 takes any free port.',
  },
  {
    key: 'replyTo',
    name: 'SAMKLANG_REPLY_TO',
    default: '',
    read: (text) => (text === '' || text.includes('@') ? optional(text) : wrong('an e-mail address')),
    meaning:
      'Address that answers to letters come to; each case puts its tag before the @. Empty: that of SAMKLANG_MAIL_FROM.',
  },
  {
    key: 'inboundPort',
    name: 'SAMKLANG_INBOUND_PORT',
    default: '',
    read: (text) => (text === '' ? undefined : port(text)),
    meaning:
      'SMTP port that takes answers to letters, handed on by your mail server. Empty: the development mailbox takes them alone.',
  },
  {
    key: 'inboundHost',
    name: 'SAMKLANG_INBOUND_HOST',
    default: '127.0.0.1',
    read: (text) => text || wrong('an address to listen on'),
    meaning: 'Address to take answers on.',
  },
  {
    key: 'privateHooks',
    name: 'SAMKLANG_PRIVATE_HOOKS',
    default: 'false',
    read: flag,
    meaning:
      'Let webhooks and chat channels lead to private addresses and http://, for receivers of your own.',
  },
  {
    key: 'roles',
    name: 'SAMKLANG_ROLES',
    default: 'web,worker',
    read: processRoles,
    meaning: 'What this process does: web (HTTP), worker (jobs), or both.',
  },
  {
    key: 'logLevel',
    name: 'SAMKLANG_LOG_LEVEL',
    default: 'info',
    read: oneOf('debug', 'info', 'warn', 'error', 'silent'),
    meaning: 'How much is logged.',
  },
  {
    key: 'logPretty',
    name: 'SAMKLANG_LOG_PRETTY',
    default: 'false',
    read: flag,
    meaning: 'Logs for a person instead of JSON lines.',
  },
  {
    key: 'secret',
    name: 'SAMKLANG_SECRET',
    default: '',
    read: optional,
    meaning:
      'Key that signs sessions and links, at least 32 characters. Empty: one is made and kept in the data folder.',
  },
  {
    key: 'trustProxy',
    name: 'SAMKLANG_TRUST_PROXY',
    default: 'false',
    read: flag,
    meaning: 'Take the client address from X-Forwarded-For, behind a proxy of your own.',
  },
]

/** Reads and checks all settings.
 * @throws Refusal config.invalid naming every setting that is unknown or does not fit
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const faults: Fault[] = []
  const known = new Set(settings.map((setting) => setting.name))
  for (const name of Object.keys(environment)) {
    if (name.startsWith('SAMKLANG_') && !known.has(name)) {
      faults.push({ where: name, message: 'no such setting; docs/configuration.md lists them all' })
    }
  }
  const values: Partial<Record<keyof Config, unknown>> = {}
  for (const setting of settings) {
    try {
      values[setting.key] = setting.read(environment[setting.name] ?? setting.default)
    } catch (error) {
      faults.push({ where: setting.name, message: (error as Error).message })
    }
  }
  const secret = values.secret as string | undefined
  if (secret !== undefined && secret.length < 32) {
    faults.push({ where: 'SAMKLANG_SECRET', message: 'expected at least 32 characters' })
  }
  if (faults.length > 0) {
    throw new Refusal(
      'config.invalid',
      faults.map((fault) => `${fault.where}: ${fault.message}`).join('; '),
      faults,
    )
  }
  values.publicUrl ??= `http://localhost:${values.port as number}`
  return Object.freeze(values as unknown as Config)
}

/** The settings of this process. */
export const processConfig = (): Config => readConfig(process.env)
