# Reference values of exponential smoothing. Run in this folder: Rscript forecast.R
# HoltWinters gives the recursions, start values and limits. Its own search stops at 1e-4 or so of the best weights,
# so the best ones are searched again from many starts to the last digits.
library(jsonlite)
suppressMessages(library(forecast))
air <- AirPassengers
nile <- Nile
passengers <- window(air, end = c(1953, 12))
quarter <- ts(c(30, 21, 29, 31, 35, 27, 34, 37, 43, 30, 41, 45, 50, 37, 47, 51, 57, 42, 55, 60), frequency = 4)
odd <- ts(c(5, 7, 6, 4, 3, 6, 8, 7, 5, 4, 7, 9, 8, 6, 5, 8, 11, 9, 7, 5.5), frequency = 5)

shape <- function(fit, h) {
  p <- predict(fit, h, prediction.interval = TRUE, level = 0.9)
  list(fitted = as.numeric(fit$fitted[, 1]), sse = fit$SSE, coefficients = as.numeric(fit$coefficients),
    forecast = as.numeric(p[, "fit"]), upper = as.numeric(p[, "upr"]))
}
hw <- function(x, w, seasonal = "additive") {
  HoltWinters(x, alpha = w[1], beta = if (length(w) > 1) w[2] else FALSE, gamma = if (length(w) > 2) w[3] else FALSE, seasonal = seasonal)
}
best <- function(x, k, seasonal = "additive") {
  sse <- function(w) hw(x, pmin(1, pmax(0, w)), seasonal)$SSE
  grid <- as.matrix(expand.grid(rep(list(c(0.05, 0.3, 0.6, 0.95)), k)))
  tries <- apply(grid, 1, function(w) {
    o <- optim(w, sse, method = "L-BFGS-B", lower = rep(1e-9, k), upper = rep(1, k), control = list(factr = 10, pgtol = 0, maxit = 1000, ndeps = rep(1e-6, k)))
    c(o$value, o$par)
  })
  w <- tries[-1, which.min(tries[1, ])]
  for (i in 1:5) w <- nlminb(w, sse, lower = 1e-9, upper = 1, control = list(rel.tol = 1e-15, x.tol = 1e-12))$par
  list(weights = as.numeric(w), sse = sse(w))
}
# Simple smoothing with a fitted level before the first value.
freeSimple <- function(x) {
  sse <- function(w) {
    l <- w[2]
    s <- 0
    for (v in x) { s <- s + (v - l)^2; l <- l + w[1] * (v - l) }
    s
  }
  o <- nlminb(c(0.3, x[1]), sse, lower = c(0, -Inf), upper = c(1, Inf), control = list(rel.tol = 1e-15, x.tol = 1e-12))
  list(alpha = o$par[1], level = o$par[2], sse = o$objective)
}
naive <- snaive(quarter, h = 9, level = 90)
acc <- accuracy(naive)
proper <- function(fit, h) {
  f <- frequency(fit$x)
  s <- fit$coefficients[-(1:2)]
  at <- function(h) s[(h - 1) %% f + 1]
  sapply(1:h, function(h) {
    j <- 0:(h - 1)
    psi <- ifelse(j == 0, 1, fit$alpha * (1 + j * fit$beta) + (j %% f == 0) * fit$gamma * (1 - fit$alpha))
    qnorm(0.95) * sqrt(var(residuals(fit)) * sum((psi * at(h) / at(h - j))^2))
  })
}
multi <- hw(quarter, c(0.4, 0.2, 0.3), "multiplicative")
out <- list(
  r = R.version.string, forecastPackage = as.character(packageVersion("forecast")),
  series = list(nile = as.numeric(nile), passengers = as.numeric(passengers), quarter = as.numeric(quarter), odd = as.numeric(odd)),
  given = list(
    simple = shape(hw(nile, 0.25), 6), holt = shape(hw(nile, c(0.3, 0.1)), 6),
    additive = shape(hw(quarter, c(0.4, 0.2, 0.3)), 9), multiplicative = shape(multi, 9),
    odd = shape(hw(odd, c(0.5, 0.1, 0.6)), 7)),
  properReach = proper(multi, 9),
  best = list(simple = best(nile, 1), holt = best(passengers, 2), additive = best(passengers, 3), multiplicative = best(passengers, 3, "multiplicative"), quarter = best(quarter, 3)),
  freeSimple = freeSimple(as.numeric(nile)),
  naive = list(forecast = as.numeric(naive$mean), upper = as.numeric(naive$upper), me = acc[, "ME"], mae = acc[, "MAE"], rmse = acc[, "RMSE"], mape = acc[, "MAPE"], mase = acc[, "MASE"])
)
write(toJSON(out, digits = I(17), auto_unbox = TRUE, na = "null"), "forecast.json")
