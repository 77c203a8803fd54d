# Reference values of RFM, residual lifetime value and the shifted beta-geometric model.
# Run in this folder: Rscript value.R
library(jsonlite)
library(gsl)
set.seed(3)
derl <- function(a, b, n, d) (b + n - 1) / (a + b + n - 1) * hyperg_2F1(1, b + n, a + b + n, 1 / (1 + d))
# Near z = 1 gsl gives up: sum the survival itself, with the tail by integration of its power law left to many terms.
slow <- function(a, b, n, d, terms = 3e6) { t <- 0:terms; sum(exp(cumsum(log((b + n - 1 + t) / (a + b + n - 1 + t))) - t * log1p(d))) }
grid <- expand.grid(alpha = c(0.2, 0.704, 3), beta = c(0.4, 1.182, 9), n = c(1, 4, 20), d = c(0.02, 0.1, 0.5, 3))
grid$value <- mapply(derl, grid$alpha, grid$beta, grid$n, grid$d)
near <- expand.grid(alpha = c(0.704, 3), beta = 1.182, n = c(1, 4), d = c(1e-3, 1e-4))
near$value <- mapply(slow, near$alpha, near$beta, near$n, near$d)
ll <- function(w, cohorts) {
  a <- exp(w[1]); b <- exp(w[2])
  total <- 0
  for (c in cohorts) for (t in 2:length(c)) {
    total <- total + (c[t - 1] - c[t]) * (lbeta(a + 1, b + t - 2) - lbeta(a, b))
    if (t == length(c)) total <- total + c[t] * (lbeta(a, b + t - 1) - lbeta(a, b))
  }
  total
}
fit <- function(cohorts) {
  o <- nlminb(c(0, 0), function(w) -ll(w, cohorts), control = list(rel.tol = 1e-15, x.tol = 1e-12))
  a <- exp(o$par[1]); b <- exp(o$par[2])
  info <- matrix(0, 2, 2)
  add <- function(weight, p, q) { # minus the second derivatives of lbeta(a + p, b + q) - lbeta(a, b)
    w <- trigamma(a + b + p + q) - trigamma(a + b)
    info <<- info + weight * (matrix(w, 2, 2) - diag(c(trigamma(a + p) - trigamma(a), trigamma(b + q) - trigamma(b))))
  }
  for (c in cohorts) for (t in 2:length(c)) {
    add(c[t - 1] - c[t], 1, t - 2)
    if (t == length(c)) add(c[t], 0, t - 1)
  }
  h <- solve(info)
  list(alpha = exp(o$par[1]), beta = exp(o$par[2]), logLikelihood = -o$objective, se = sqrt(diag(h)))
}
regular <- c(1000, 631, 468, 382, 326, 289, 262, 241)
high <- c(1000, 869, 743, 653, 593, 551, 517, 491)
young <- list(regular, c(800, 520, 390, 310), c(900, 560))
money <- round(rexp(37, 0.01), 2)
often <- rpois(37, 3)
score <- function(x) sapply(x, function(v) min(5, 1 + floor(5 * sum(x < v) / length(x))))
out <- list(
  r = R.version.string, gsl = as.character(packageVersion("gsl")),
  derl = grid, near = near,
  cohorts = list(regular = fit(list(regular)), high = fit(list(high)), young = fit(young)),
  rfm = list(money = money, often = often, moneyScore = score(money), oftenScore = score(often)),
  rlv = list(finiteAfter = sum(1000 * (0.8 / 1.1)^(1:7)), finiteDue = sum(1000 * (0.8 / 1.1)^(0:6)))
)
write(toJSON(out, digits = I(17), auto_unbox = TRUE), "value.json")
