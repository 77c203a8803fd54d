import { describe, expect, it } from 'vitest'
import { club, yearly } from '../../test/value/club.ts'
import { checkProgram, faultLines } from './check.ts'

const right = club(yearly)
const faultsOf = (from: string, to: string) => {
  expect(right).toContain(from)
  return faultLines(checkProgram([{ path: 'club.yaml', text: right.replace(from, to) }]).faults)
}

describe('the value of customers in a program', () => {
  it('is right as it stands', () => {
    expect(faultLines(checkProgram([{ path: 'club.yaml', text: right }]).faults)).toBe('')
  })

  it.each([
    [', currency: SEK', '', 'value: value is money: "currency" is missing in workspace'],
    ['of: contact', 'of: family', 'value.of: expected one of contact, account; found "family"'],
    [
      'transaction: fee, amount',
      'transaction: fees, amount',
      'value.payments[0].transaction: there is no transaction "fees"; did you mean "fee"?',
    ],
    [
      'amount: amount',
      'amount: ammount',
      'value.payments[0].amount: fee has no field "ammount"; did you mean "amount"?',
    ],
    [
      'amount: amount',
      'amount: paidAt',
      'value.payments[0].amount: expected a field of type number; fee.paidAt is of type time',
    ],
    [
      'at: paidAt',
      'at: amount',
      'value.payments[0].at: expected a field of type time; fee.amount is of type number',
    ],
    [
      'refund: back }]',
      'refund: back }, { transaction: fee, amount: gain }]',
      'value.payments[1].transaction: the transaction "fee" stands twice',
    ],
    [
      'potential: wealth',
      'potential: weath',
      'value.potential: contact has no field "weath"; did you mean "wealth"?',
    ],
    ['period: P1Y', 'period: PT5H', 'value.period: expected at least a day; found "PT5H"'],
    [
      'period: P1Y',
      'period: P1X',
      'value.period: expected an ISO 8601 duration, such as P1Y or P30D; found "P1X"',
    ],
    ['after: P400D', 'after: P0D', 'value.churn.after: expected at least a day; found "P0D"'],
    ['margin: 0.5', 'margin: 50', 'value.margin: expected a number of at least 0 and at most 1, found 50'],
    ['discount: 0.1', 'model: sbq', 'value: "discount" is missing'],
    [
      'within: P1Y',
      'features: [skore]',
      'value.churn.features[0]: there is no field "skore"; did you mean "score"?',
    ],
    [
      'within: P1Y',
      'features: [fee.paidAt]',
      'value.churn.features[0]: expected a number, category, or true and false; fee.paidAt is of type time',
    ],
    [
      'potential: wealth',
      'segments: [{ id: a, when: value.rvl > 1.0 }]',
      'value.segments[0].when: value has no field "rvl"; did you mean "rlv"?',
    ],
    [
      'potential: wealth',
      "segments: [{ id: a, when: value.segment == 'a' }]",
      'value.segments[0].when: value has no field "segment"',
    ],
    [
      'potential: wealth',
      'segments: [{ id: a, when: value.rlv > 1.0 }, { id: a, when: value.rlv > 0.0 }]',
      'value.segments[1].id: the segment "a" stands twice',
    ],
    ['source: a guess of the board', 'promotr: 0.1', 'value.priors.churn: "source" is missing'],
    ['phone: 150', 'phone: -1', 'value.costs.phone: expected a number of at least 0, found -1'],
  ])('is refused by line: %s -> %s', (from, to, message) => {
    const faults = faultsOf(from, to)
    expect(faults).toContain(message)
    expect(faults).toMatch(/^club\.yaml:\d+:\d+ /)
  })
})
