# Driver measures by refits of lm on every subset and by the definition. Run in this folder: Rscript drivers.R
# relaimpo is not needed: LMG is computed here by its definition, from R squared of all 2^p models.
library(jsonlite)
d <- mtcars[, c("wt", "hp", "qsec", "drat", "disp", "mpg")]
p <- ncol(d) - 1
x <- names(d)[1:p]
r2 <- function(vars) if (length(vars) == 0) 0 else summary(lm(reformulate(vars, "mpg"), d))$r.squared
lmg <- sapply(x, function(v) {
  others <- setdiff(x, v)
  total <- 0
  for (k in 0:length(others)) {
    sets <- if (k == 0) list(character(0)) else combn(others, k, simplify = FALSE)
    total <- total + mean(sapply(sets, function(s) r2(c(s, v)) - r2(s)))
  }
  total / p
})
johnson <- function(R, r) {
  e <- eigen(R)
  A <- e$vectors %*% diag(sqrt(e$values)) %*% t(e$vectors)
  b <- solve(A, r)
  as.vector(A^2 %*% b^2)
}
R <- cor(d[, x]); r <- cor(d[, x], d$mpg)
fit <- summary(lm(mpg ~ ., d))
ci <- confint(lm(mpg ~ ., d))
m <- d
m$wt[c(1, 5)] <- NA; m$hp[c(2, 5, 9)] <- NA; m$mpg[7] <- NA
pw <- cor(m, use = "pairwise.complete.obs")
rp <- pw[1:p, p + 1]
out <- list(r = R.version.string, data = as.list(d), pearson = as.vector(r), beta = as.vector(solve(R, r)),
  vif = unname(diag(solve(R))), lmg = unname(lmg), johnson = johnson(R, r), r2 = fit$r.squared,
  adjusted = fit$adj.r.squared, sigma = fit$sigma, f = unname(fit$fstatistic[1]),
  p = unname(pf(fit$fstatistic[1], fit$fstatistic[2], fit$fstatistic[3], lower.tail = FALSE)),
  coefficients = unname(fit$coefficients[, 1]), se = unname(fit$coefficients[, 2]), t = unname(fit$coefficients[, 3]),
  ps = unname(fit$coefficients[, 4]), low = unname(ci[, 1]), high = unname(ci[, 2]),
  missing = list(wt = c(0, 4), hp = c(1, 4, 8), mpg = 6),
  pairwise = list(cor = unname(as.list(as.data.frame(pw))), beta = as.vector(solve(pw[1:p, 1:p], rp)), johnson = johnson(pw[1:p, 1:p], rp)))
write(toJSON(out, digits = I(17), auto_unbox = TRUE), "drivers.json")
