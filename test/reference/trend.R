# Reference values of trend tests and control charts, by their formulas in base R: the packages trend and qcc,
# whose conventions they follow, are not in Debian. Run in this folder: Rscript trend.R
library(jsonlite)
mk <- function(x) {
  n <- length(x)
  s <- 0
  for (i in 1:(n - 1)) s <- s + sum(sign(x[(i + 1):n] - x[i]))
  t <- as.numeric(table(x))
  v <- (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5))) / 18
  z <- sign(s) * (abs(s) - 1) / sqrt(v)
  list(s = s, variance = v, tau = cor(seq_len(n), x, method = "kendall"), z = z, p = 2 * min(0.5, pnorm(abs(z), lower.tail = FALSE)))
}
sen <- function(x, at, level) {
  pairs <- combn(length(x), 2)
  d <- sort((x[pairs[2, ]] - x[pairs[1, ]]) / (at[pairs[2, ]] - at[pairs[1, ]]))
  k <- length(d)
  c <- qnorm(1 - (1 - level) / 2) * sqrt(mk(x)$variance)
  list(slope = median(d), intercept = median(x) - median(d) * median(at), low = d[round((k - c) / 2)], high = d[round((k + c) / 2 + 1)])
}
pett <- function(x) {
  n <- length(x)
  r <- rank(x)
  u <- sapply(1:n, function(k) 2 * sum(r[1:k]) - k * (n + 1))
  list(statistic = max(abs(u)), after = which(abs(u) == max(abs(u))), p = min(1, 2 * exp(-6 * max(abs(u))^2 / (n^3 + n^2))))
}
series <- function(x, at = seq_along(x)) {
  list(values = x, times = at, mk = mk(x), sen = sen(x, at, 0.95), sen90 = sen(x, at, 0.9), pettitt = pett(x))
}
set.seed(4)
tied <- c(7, 8, 8, 6, 7, 9, 9, 8, 10, 9, 8, 9, 10, 10, 9)
uneven <- cumsum(runif(40, 0.2, 3))
nile <- as.numeric(Nile)
base <- 20
mr <- mean(abs(diff(nile[1:base])))
sigma <- mr / 1.128
centre <- mean(nile[1:base])
ewma <- Reduce(function(z, x) 0.2 * x + 0.8 * z, nile, centre, accumulate = TRUE)[-1]
reach <- 2.7 * sigma * sqrt(0.2 / 1.8 * (1 - 0.8^(2 * seq_along(nile))))
z <- (nile - centre) / sigma
high <- Reduce(function(c, z) max(0, c + z - 0.5), z, 0, accumulate = TRUE)[-1]
low <- Reduce(function(c, z) max(0, c - z - 0.5), z, 0, accumulate = TRUE)[-1]
x <- c(12, 9, 15, 8, 0, 31, 11, 10)
n <- c(100, 80, 120, 90, 0, 95, 100, 10)
p0 <- sum(x) / sum(n)
prom <- c(50, 40, 62, 30, 0, 20, 55, 5)
det <- c(20, 22, 13, 25, 0, 50, 19, 1)
nn <- c(100, 90, 100, 80, 0, 100, 110, 6)
pp <- sum(prom) / sum(nn)
dd <- sum(det) / sum(nn)
sd1 <- 100 * sqrt(pp + dd - (pp - dd)^2)
out <- list(
  r = R.version.string,
  nile = series(nile), tied = series(tied), uneven = series(round(sin(1:40) * 3 + uneven / 9, 2), uneven),
  individuals = list(centre = centre, sigma = sigma, range = mr, upper = centre + 3 * sigma, lower = centre - 3 * sigma,
    alarms = which(nile > centre + 3 * sigma | nile < centre - 3 * sigma), ranges = which(abs(diff(nile)) > 3.267 * mr) + 1,
    sd = sd(nile[1:base])),
  ewma = list(values = ewma, low = centre - reach, high = centre + reach, alarms = which(ewma > centre + reach | ewma < centre - reach)),
  cusum = list(high = high, low = low, alarms = which(high > 5 | low > 5)),
  share = list(successes = x, n = n, centre = p0, value = ifelse(n > 0, x / n, NA),
    low = ifelse(n > 0, pmax(0, p0 - 3 * sqrt(p0 * (1 - p0) / n)), NA), high = ifelse(n > 0, pmin(1, p0 + 3 * sqrt(p0 * (1 - p0) / n)), NA)),
  nps = list(promoters = prom, detractors = det, n = nn, centre = 100 * (pp - dd), sigma = sd1,
    value = ifelse(nn > 0, 100 * (prom - det) / nn, NA),
    low = ifelse(nn > 0, pmax(-100, 100 * (pp - dd) - 3 * sd1 / sqrt(nn)), NA), high = ifelse(nn > 0, pmin(100, 100 * (pp - dd) + 3 * sd1 / sqrt(nn)), NA))
)
write(toJSON(out, digits = I(17), auto_unbox = TRUE, na = "null"), "trend.json")
