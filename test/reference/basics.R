# Wilson, t intervals and tests, p corrections, least squares, eigenvalues. Run in this folder: Rscript basics.R
library(jsonlite)
wilson <- data.frame(x = c(8, 74, 0, 5, 1, 1, 500000), n = c(10, 107, 7, 5, 1, 3, 1000000))
limits <- t(mapply(function(x, n) prop.test(x, n, correct = FALSE)$conf.int, wilson$x, wilson$n))
a <- sleep$extra[sleep$group == 1]
b <- sleep$extra[sleep$group == 2]
w <- t.test(b, a)
pooled <- t.test(b, a, var.equal = TRUE)
one <- t.test(a)
p <- c(0.01, 0.02, 0.03, 0.04, 0.05, 0.001, 0.8, 0.02)
two <- prop.test(c(60, 45), c(100, 120), correct = FALSE)
fit <- lm(mpg ~ wt + hp + qsec, mtcars)
# A column that depends on the others is dropped by lm.
mtcars$twice <- 2 * mtcars$wt + mtcars$hp
aliased <- lm(mpg ~ wt + hp + twice + qsec, mtcars)
r <- cor(mtcars[, c("mpg", "wt", "hp", "qsec", "drat")])
e <- eigen(r, symmetric = TRUE)
out <- list(
  r = R.version.string,
  wilson = list(x = wilson$x, n = wilson$n, low = limits[, 1], high = limits[, 2]),
  sleep = list(a = a, b = b),
  welch = list(t = unname(w$statistic), df = unname(w$parameter), p = w$p.value, low = w$conf.int[1], high = w$conf.int[2]),
  pooled = list(t = unname(pooled$statistic), p = pooled$p.value, low = pooled$conf.int[1], high = pooled$conf.int[2]),
  one = list(mean = unname(one$estimate), low = one$conf.int[1], high = one$conf.int[2]),
  p = p, bh = p.adjust(p, "BH"), holm = p.adjust(p, "holm"), bonferroni = p.adjust(p, "bonferroni"),
  two = list(z2 = unname(two$statistic), p = two$p.value, low = two$conf.int[1], high = two$conf.int[2]),
  cars = as.list(mtcars[, c("mpg", "wt", "hp", "qsec", "drat")]),
  lm = list(coefficients = unname(coef(fit)), se = unname(coef(summary(fit))[, 2]), rss = deviance(fit)),
  aliased = list(coefficients = unname(coef(aliased)), rank = aliased$rank),
  eigen = list(r = unname(as.list(as.data.frame(r))), values = e$values, first = abs(e$vectors[, 1]))
)
write(toJSON(out, digits = I(17), auto_unbox = TRUE), "basics.json")
