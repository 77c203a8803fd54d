/** The place of the least value of a function on an interval: a grid first, so that a second dip is not missed,
 * then golden sections inside the best part of it.
 * @param steps parts of the grid
 * @see Press et al., Numerical Recipes 10.2; R optimize
 */
export function findMinimum(f: (x: number) => number, low: number, high: number, steps = 60): number {
  let best = low
  let least = f(low)
  const width = (high - low) / steps
  for (let i = 1; i <= steps; i++) {
    const x = low + i * width
    const value = f(x)
    if (value < least) {
      least = value
      best = x
    }
  }
  let a = Math.max(low, best - width)
  let b = Math.min(high, best + width)
  const golden = (Math.sqrt(5) - 1) / 2
  let c = b - golden * (b - a)
  let d = a + golden * (b - a)
  let fc = f(c)
  let fd = f(d)
  for (let i = 0; i < 120 && Math.abs(b - a) > 1e-12 * (Math.abs(a) + Math.abs(b) + 1e-12); i++) {
    if (fc < fd) {
      b = d
      d = c
      fd = fc
      c = b - golden * (b - a)
      fc = f(c)
    } else {
      a = c
      c = d
      fc = fd
      d = a + golden * (b - a)
      fd = f(d)
    }
  }
  return (a + b) / 2
}
