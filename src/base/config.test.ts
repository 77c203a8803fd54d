import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allowsColour, readConfig, settings } from './config.ts'
import { Refusal } from './errors.ts'

const faultsOf = (environment: Record<string, string>) => {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof Refusal) return error.faults.map((fault) => fault.where)
    throw error
  }
  return []
}

describe('the configuration', () => {
  it('has a default for every setting', () => {
    expect(readConfig({})).toMatchObject({
      port: 4000,
      publicUrl: 'http://localhost:4000',
      roles: ['web', 'worker'],
    })
  })

  it('names every setting that is unknown or does not fit, all at once', () => {
    const environment = {
      SAMKLANG_PROT: '1',
      SAMKLANG_PORT: '65536',
      SAMKLANG_SECRET: 'short',
      SMTP_URL: 'localhost:25',
    }
    expect(faultsOf(environment).sort()).toEqual(Object.keys(environment).sort())
  })

  it('leaves the variables of other programs alone', () => {
    expect(faultsOf({ PATH: '/bin', LANG: 'sv_SE.UTF-8' })).toEqual([])
  })

  it('is documented, setting by setting', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8').replace(
      / +/g,
      ' ',
    )
    for (const { name, meaning, default: usual } of settings) {
      expect(page).toContain(`| \`${name}\` | ${usual === '' ? '' : `\`${usual}\` `}| ${meaning} |`)
    }
  })
})

it('a terminal gets no colours where NO_COLOR is set to anything', () => {
  expect([{}, { NO_COLOR: '' }, { NO_COLOR: '1' }, { NO_COLOR: '0' }].map(allowsColour)).toEqual([
    true,
    true,
    false,
    false,
  ])
})
