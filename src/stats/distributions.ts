// The distributions in one place, for those who use several.
// In: quantiles or probabilities. Out: probabilities or quantiles, accurate in both tails.
// Each lives in its own file; nothing is defined here.
export { incompleteBeta } from './beta.ts'
export { chiSquareCdf, chiSquareDensity, chiSquareQuantile, chiSquareUpper } from './chi-square.ts'
export { fisherCdf, fisherDensity, fisherQuantile, fisherUpper } from './fisher.ts'
export { incompleteGamma, lgamma } from './gamma.ts'
export { normalCdf, normalDensity, normalQuantile, normalTwoSided, normalUpper, Z95 } from './normal.ts'
export { studentCdf, studentDensity, studentQuantile, studentTwoSided, studentUpper } from './student.ts'
