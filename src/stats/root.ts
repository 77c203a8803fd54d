import { SampleInvalid } from './interval.ts'

/** Finds a zero of a continuous function inside a bracket (Brent's method).
 * @param f values of opposite sign at low and high
 * @throws SampleInvalid when the signs are equal
 * @see Brent 1973, Algorithms for Minimization without Derivatives, ch. 4; R uniroot
 */
export function findRoot(f: (x: number) => number, low: number, high: number, tolerance = 1e-14): number {
  let a = low
  let b = high
  let fa = f(a)
  let fb = f(b)
  if (fa === 0) return a
  if (fb === 0) return b
  if (fa > 0 === fb > 0) throw new SampleInvalid('findRoot needs values of opposite sign')
  let c = a
  let fc = fa
  let step = b - a
  let before = step
  for (let i = 0; i < 500; i++) {
    if (fb > 0 === fc > 0) {
      c = a
      fc = fa
      step = b - a
      before = step
    }
    if (Math.abs(fc) < Math.abs(fb)) {
      a = b
      b = c
      c = a
      fa = fb
      fb = fc
      fc = fa
    }
    const close = 2 * Number.EPSILON * Math.abs(b) + 0.5 * tolerance
    const middle = 0.5 * (c - b)
    if (Math.abs(middle) <= close || fb === 0) return b
    if (Math.abs(before) >= close && Math.abs(fa) > Math.abs(fb)) {
      const s = fb / fa
      let p: number
      let q: number
      if (a === c) {
        p = 2 * middle * s
        q = 1 - s
      } else {
        const r = fb / fc
        const t = fa / fc
        p = s * (2 * middle * t * (t - r) - (b - a) * (r - 1))
        q = (t - 1) * (r - 1) * (s - 1)
      }
      if (p > 0) q = -q
      p = Math.abs(p)
      if (2 * p < Math.min(3 * middle * q - Math.abs(close * q), Math.abs(before * q))) {
        before = step
        step = p / q
      } else {
        step = middle
        before = middle
      }
    } else {
      step = middle
      before = middle
    }
    a = b
    fa = fb
    b += Math.abs(step) > close ? step : middle > 0 ? close : -close
    fb = f(b)
  }
  return b
}

/** The positive x at which one tail of a distribution has the given size, by bracketed Newton steps on log x.
 * @param tail size of the tail at x, monotone in x
 * @param density the (positive) density at x
 * @param upper whether `tail` is the upper tail (falls with x)
 */
export function positiveQuantile(
  target: number,
  tail: (x: number) => number,
  density: (x: number) => number,
  upper: boolean,
  start = 1,
): number {
  const goal = Math.log(target)
  const direction = upper ? -1 : 1
  let low = -745
  let high = 709
  let u = Math.log(start)
  for (let i = 0; i < 400; i++) {
    const x = Math.exp(u)
    const size = tail(x)
    const miss = Math.log(size) - goal
    if (miss === 0) return x
    if (direction * miss > 0) high = u
    else low = u
    const slope = (direction * density(x) * x) / size
    let next = u - miss / slope
    if (!(next > low && next < high)) next = (low + high) / 2
    if (Math.abs(next - u) < 1e-15 * Math.max(1, Math.abs(u))) return Math.exp(next)
    u = next
  }
  return Math.exp(u)
}
