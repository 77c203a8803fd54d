# Reference values of logistic regression and of judging its chances. Run in this folder: Rscript churn.R
library(jsonlite)
suppressMessages(library(pROC))
set.seed(21)
n <- 240
d <- data.frame(tenure = rpois(n, 14), nps = sample(0:10, n, TRUE), plan = sample(c("basic", "plus", "pro"), n, TRUE), spend = round(rexp(n, 1 / 400), 1))
eta <- 0.6 - 0.08 * d$tenure - 0.22 * d$nps + 0.5 * (d$plan == "basic") + 0.001 * d$spend
d$left <- as.integer(runif(n) < plogis(eta))
d$plus <- as.integer(d$plan == "plus")
d$pro <- as.integer(d$plan == "pro")
control <- glm.control(epsilon = 1e-15, maxit = 100)
fit <- glm(left ~ tenure + nps + plus + pro + spend, binomial, d, control = control)
s <- summary(fit)$coefficients
ci <- confint.default(fit)
p <- fitted(fit)
r <- roc(d$left, p, quiet = TRUE, direction = "<")
a <- ci.auc(r, method = "delong")
hl <- function(p, y, g) {
  cut <- cut(p, unique(quantile(p, seq(0, 1, 1 / g))), include.lowest = TRUE)
  o <- tapply(y, cut, sum); k <- tapply(y, cut, length); e <- tapply(p, cut, sum)
  chi <- sum((o - e)^2 / e + (o - e)^2 / (k - e))
  list(n = as.numeric(k), events = as.numeric(o), mean = as.numeric(e / k), chisq = chi, p = pchisq(chi, length(k) - 2, lower.tail = FALSE))
}
# Scores that tie, as from a survey.
tied <- roc(d$left, d$nps, quiet = TRUE, direction = ">")
tiedCi <- ci.auc(tied, method = "delong")
weights <- rep(1:3, length.out = n)
heavy <- suppressWarnings(glm(left ~ tenure + nps, binomial, d, weights = weights, control = control))
at <- function(t) { y <- d$left; q <- as.integer(p >= t); c(sum(q & y), sum(q & !y), sum(!q & !y), sum(!q & y)) }
best <- coords(r, "best", best.method = "youden", ret = c("threshold", "youden"))
null <- update(fit, . ~ 1)
out <- list(
  r = R.version.string, pROC = as.character(packageVersion("pROC")),
  data = as.list(d[, c("tenure", "nps", "plus", "pro", "spend", "left")]),
  coef = unname(s[, 1]), se = unname(s[, 2]), z = unname(s[, 3]), p = unname(s[, 4]), low = unname(ci[, 1]), high = unname(ci[, 2]),
  deviance = fit$deviance, nullDeviance = fit$null.deviance, aic = AIC(fit), mcFadden = 1 - as.numeric(logLik(fit)) / as.numeric(logLik(null)),
  fitted = unname(p), auc = as.numeric(a)[2], aucLow = as.numeric(a)[1], aucHigh = as.numeric(a)[3], aucSe = sqrt(var(r, method = "delong")),
  tiedAuc = as.numeric(tiedCi)[2], tiedLow = as.numeric(tiedCi)[1], tiedHigh = as.numeric(tiedCi)[3],
  brier = mean((p - d$left)^2), logLoss = -mean(d$left * log(p) + (1 - d$left) * log(1 - p)),
  at30 = at(0.3), at50 = at(0.5), youden = best$youden - 1, calibration = hl(p, d$left, 10),
  heavy = list(weights = weights, coef = unname(coef(heavy)), se = unname(summary(heavy)$coefficients[, 2]), deviance = heavy$deviance)
)
write(toJSON(out, digits = I(17), auto_unbox = TRUE), "churn.json")
