/** A value that was computed, with the digits taken off that rounding made: what is equal on paper is equal then.
 * Twelve digits of `magnitude` are left, so that 0.7 + 0.1 is 0.8, and 0.1 + 0.2 - 0.3 is 0.
 * @param magnitude how large the numbers were that the value was computed from, such as the sum of their sizes; not
 *   below the size of the value
 * @returns the nearest number to the rounded decimal; the value itself where magnitude is 0 or not finite
 */
export function withoutRoundingNoise(value: number, magnitude: number): number {
  if (!(magnitude > 0 && magnitude < Number.POSITIVE_INFINITY)) return value
  const digits = 11 - Math.floor(Math.log10(magnitude))
  // Powers up to 10²² are exact, and so the quotient is the double that the decimal itself is read as.
  if (digits < 0) return Math.round(value / 10 ** -digits) * 10 ** -digits
  const scaled = Math.round(value * 10 ** digits) / 10 ** digits
  return Number.isFinite(scaled) ? scaled + 0 : value
}
