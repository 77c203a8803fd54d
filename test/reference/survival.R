# Reference values of survival. Run in this folder: Rscript survival.R
library(jsonlite)
library(survival)
v <- veteran
lung2 <- na.omit(lung[, c("time", "status", "age", "sex", "ph.ecog")])
lung2$event <- lung2$status - 1
curve <- function(fit, type) list(type = type, time = fit$time, atRisk = fit$n.risk, events = fit$n.event, censored = fit$n.censor, survival = fit$surv, se = fit$surv * fit$std.err, low = fit$lower, high = fit$upper)
km <- function(type) {
  fit <- survfit(Surv(time, event) ~ 1, lung2, conf.type = type)
  q <- quantile(fit, c(0.25, 0.5, 0.75))
  c(curve(fit, type), list(quantiles = as.numeric(q$quantile), qlow = as.numeric(q$lower), qhigh = as.numeric(q$upper)))
}
fit <- survfit(Surv(time, event) ~ 1, lung2)
rm <- function(fit, at) { s <- summary(fit, rmean = at)$table; c(s[["rmean"]], s[["se(rmean)"]]) }
groups <- survfit(Surv(time, status) ~ celltype, v)
common <- summary(groups, rmean = "common")$table
individual <- summary(groups, rmean = "individual")$table
lr <- survdiff(Surv(time, status) ~ celltype, v)
types <- levels(v$celltype)
pairs <- combn(types, 2, simplify = FALSE)
pairwise <- lapply(pairs, function(p) { d <- survdiff(Surv(time, status) ~ celltype, v[v$celltype %in% p, ]); list(chisq = d$chisq, p = pchisq(d$chisq, 1, lower.tail = FALSE)) })
cx <- function(ties) {
  m <- coxph(Surv(time, event) ~ age + sex + ph.ecog, lung2, ties = ties, control = coxph.control(eps = 1e-14, iter.max = 50))
  s <- summary(m)
  cc <- concordance(m)
  list(coef = unname(coef(m)), se = unname(sqrt(diag(vcov(m)))), p = unname(s$coefficients[, 5]), low = unname(s$conf.int[, 3]), high = unname(s$conf.int[, 4]),
    loglik = m$loglik, lr = unname(s$logtest), wald = m$wald.test, score = unname(s$sctest), aic = AIC(m),
    concordance = unname(cc$concordance), cse = sqrt(cc$var), count = as.numeric(cc$count))
}
m <- coxph(Surv(time, status) ~ karno + celltype + I(2 * karno), v, control = coxph.control(eps = 1e-14, iter.max = 50))
# A small set where the curve lies flat at exactly one half, ends in an event, and times tie across event and censoring.
small <- data.frame(time = c(1, 2, 2, 3, 5, 5, 7, 8), event = c(1, 1, 0, 1, 0, 1, 0, 1))
flat <- data.frame(time = c(1, 2, 3, 4), event = c(1, 1, 1, 1))
sf <- function(d) { f <- survfit(Surv(time, event) ~ 1, d); t <- summary(f)$table; list(times = d$time, events = d$event, median = t[["median"]], rmean = rm(f, max(d$time)), curve = curve(f, "log")) }
con <- concordance(Surv(time, event) ~ x, data.frame(small, x = c(5, 4, 4, 3, 3, 6, 1, 2)), reverse = TRUE)
out <- list(
  r = R.version.string, survival = as.character(packageVersion("survival")),
  lung = list(time = lung2$time, event = lung2$event, age = lung2$age, sex = lung2$sex, ecog = lung2$ph.ecog),
  km = list(km("log"), km("log-log"), km("plain")), restricted = list(all = rm(fit, max(lung2$time)), at300 = rm(fit, 300)),
  veteran = list(time = v$time, event = v$status, cell = as.integer(v$celltype) - 1, karno = v$karno),
  groups = list(rmeanCommon = unname(common[, "rmean"]), seCommon = unname(common[, "se(rmean)"]), rmean = unname(individual[, "rmean"]), se = unname(individual[, "se(rmean)"]),
    median = unname(common[, "median"]), low = unname(common[, "0.95LCL"]), high = unname(common[, "0.95UCL"])),
  logRank = list(observed = lr$obs, expected = lr$exp, chisq = lr$chisq, p = pchisq(lr$chisq, 3, lower.tail = FALSE)),
  pairwise = list(chisq = sapply(pairwise, `[[`, "chisq"), p = sapply(pairwise, `[[`, "p"), bh = p.adjust(sapply(pairwise, `[[`, "p"), "BH"), holm = p.adjust(sapply(pairwise, `[[`, "p"), "holm")),
  efron = cx("efron"), breslow = cx("breslow"),
  dummies = list(coef = unname(coef(m)), se = unname(sqrt(diag(m$var)))[1:4]),
  small = sf(small), flat = sf(flat), concordance = list(value = unname(con$concordance), se = sqrt(con$var), count = as.numeric(con$count))
)
write(toJSON(out, digits = I(17), auto_unbox = TRUE, na = "null"), "survival.json")
