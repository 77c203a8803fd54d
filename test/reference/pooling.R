# Partial pooling of unit means. Run in this folder: Rscript pooling.R
library(jsonlite)
library(metafor)
library(lme4)
set.seed(11)
size <- c(3, 8, 25, 60, 5, 1, 14, 40, 9, 2)
unit <- rep(seq_along(size), size)
y <- round(7 + rnorm(length(size), 0, 0.7)[unit] + rnorm(length(unit), 0, 1.6), 2)
n <- as.vector(tapply(y, unit, length)); m <- as.vector(tapply(y, unit, mean))
ss <- as.vector(tapply(y, unit, function(v) sum((v - mean(v))^2)))
s2 <- sum(ss) / (sum(n) - length(n))
tight <- list(threshold = 1e-14, stepadj = 1, maxiter = 10000)
meta <- function(yi, vi, method) { f <- rma(yi = yi, vi = vi, method = method, control = if (method == "DL") list() else tight); b <- blup(f)
  list(tau2 = f$tau2, mean = f$b[1], se = f$se, blup = as.vector(b$pred), sd = as.vector(b$se)) }
mixed <- function(reml) { f <- lmer(y ~ 1 + (1 | unit), REML = reml, control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12)))
  vc <- as.data.frame(VarCorr(f)); list(tau2 = vc$vcov[1], sigma2 = vc$vcov[2], mean = unname(fixef(f)), se = sqrt(vcov(f)[1, 1]),
    blup = coef(f)$unit[, 1], sd = sqrt(as.vector(attr(ranef(f, condVar = TRUE)$unit, "postVar")))) }
big <- n > 2
out <- list(r = R.version.string, n = as.vector(n), mean = as.vector(m), squares = as.vector(ss), sigma2 = s2,
  dl = meta(m, s2 / n, "DL"), mlPooled = meta(m, s2 / n, "ML"), remlPooled = meta(m, s2 / n, "REML"),
  ml = mixed(FALSE), reml = mixed(TRUE),
  own = meta(m[big], (ss / (n - 1) / n)[big], "REML"), ownDl = meta(m[big], (ss / (n - 1) / n)[big], "DL"))
write(toJSON(out, digits = I(17), auto_unbox = TRUE), "pooling.json")
