import { SampleInvalid } from './interval.ts'

/** The normal quantile of a two-sided 95 % interval. */
export const Z95 = 1.959963984540054

const SQRT_TWO_PI = 2.5066282746310007

/** Density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / SQRT_TWO_PI
}

/** P(Z <= z). Accurate relative to its own size in both tails.
 * @see Cody 1969, Mathematics of Computation 23:631; R pnorm
 */
export function normalCdf(z: number): number {
  return tails(z).lower
}

/** P(Z > z), accurate where it is small. */
export function normalUpper(z: number): number {
  return tails(z).upper
}

/** P(|Z| > |z|): the two-sided p-value. */
export function normalTwoSided(z: number): number {
  return Math.min(1, 2 * tails(Math.abs(z)).upper)
}

const ratio = (x: number, top: readonly number[], bottom: readonly number[]) =>
  top.reduce((sum, c) => sum * x + c, 0) / bottom.reduce((sum, c) => sum * x + c, 0)

const CENTRE_TOP = [
  0.06568233791820745, 2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356,
]
const CENTRE_BOTTOM = [1, 47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673]
const MIDDLE_TOP = [
  1.0765576773720192e-8, 0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002,
  2494.5375852903726, 6848.190450536283, 11602.65143764735, 9842.714838383978,
]
const MIDDLE_BOTTOM = [
  1, 22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097,
  34900.95272114598, 38912.00328609327, 19685.429676859992,
]
const TAIL_TOP = [
  0.023073441764940174, 0.215898534057957, 0.12740116116024736, 0.022235277649802366, 0.0014216191932278934,
  2.9112874951168793e-5,
]
const TAIL_BOTTOM = [
  1, 1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824, 7.297515550839662e-5,
]

function tails(z: number): { lower: number; upper: number } {
  const y = Math.abs(z)
  if (Number.isNaN(z)) throw new SampleInvalid('the normal distribution of NaN')
  if (y <= 0.67448975) {
    const half = z * ratio(y * y, CENTRE_TOP, CENTRE_BOTTOM)
    return { lower: 0.5 + half, upper: 0.5 - half }
  }
  let small: number
  if (y > 39) small = 0
  else {
    // exp(-y^2/2) in two parts, so that the rounding of y^2 does no harm.
    const coarse = Math.trunc(y * 16) / 16
    const fine = (y - coarse) * (y + coarse)
    const bell = Math.exp(-coarse * coarse * 0.5) * Math.exp(-fine * 0.5)
    if (y <= 5.656854249492381) small = bell * ratio(y, MIDDLE_TOP, MIDDLE_BOTTOM)
    else {
      const inverse = 1 / (y * y)
      small = (bell * (1 / SQRT_TWO_PI - inverse * ratio(inverse, TAIL_TOP, TAIL_BOTTOM))) / y
    }
  }
  return z > 0 ? { lower: 1 - small, upper: small } : { lower: small, upper: 1 - small }
}

/** The z with P(Z <= z) = p; minus or plus infinity at 0 and 1.
 * @throws SampleInvalid when p lies outside 0..1
 * @see Wichura 1988, AS 241; R qnorm
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new SampleInvalid(`a probability must lie in 0..1, got ${p}`)
  if (p === 0) return Number.NEGATIVE_INFINITY
  if (p === 1) return Number.POSITIVE_INFINITY
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * ratio(0.180625 - q * q, AS241.a, AS241.b)
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)))
  const size = r <= 5 ? ratio(r - 1.6, AS241.c, AS241.d) : ratio(r - 5, AS241.e, AS241.f)
  return q < 0 ? -size : size
}

const AS241 = {
  a: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
    1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ],
  b: [
    5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
    687.1870074920579, 42.31333070160091, 1,
  ],
  c: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  d: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
  e: [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  f: [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
  ],
} as const
