# Reference values of difference in differences and its checks. Run in this folder: Rscript initiative.R
library(jsonlite)
suppressMessages({ library(sandwich); library(lmtest); library(clubSandwich) })
set.seed(11)
stores <- 14
periods <- 6
begin <- 4
rows <- do.call(rbind, lapply(1:stores, function(s) {
  level <- rnorm(1)
  do.call(rbind, lapply(0:(periods - 1), function(p) {
    k <- sample(2:9, 1) + s %% 3
    data.frame(store = s, period = p, treated = as.integer(s %% 2 == 0), y = round(7 + level + rnorm(1, 0, 0.4) + 0.1 * p + (s %% 2 == 0) * (p >= begin) * 0.8 + rnorm(k), 1))
  }))
}))
rows <- rows[!(rows$store == 3 & rows$period == 5), ] # an uneven panel
rows$post <- as.integer(rows$period >= begin)
kinds <- function(fit, name, cluster) {
  n <- nobs(fit)
  g <- length(unique(cluster))
  k <- length(coef(fit))
  at <- match(name, names(coef(fit)))
  club <- function(type) sqrt(vcovCR(fit, cluster = cluster, type = type)[at, at])
  cr2 <- coef_test(fit, vcov = vcovCR(fit, cluster = cluster, type = "CR2"), test = "Satterthwaite")
  list(value = unname(coef(fit)[at]), classical = summary(fit)$coefficients[at, 2], hc1 = sqrt(vcovHC(fit, "HC1")[at, at]),
    cr0 = club("CR0"), cr1 = club("CR1"), cr1s = club("CR1S"), vcovCL = sqrt(vcovCL(fit, cluster = cluster)[at, at]),
    cr2 = cr2$SE[at], cr2df = cr2$df_Satt[at], cr2p = cr2$p_Satt[at],
    classicalP = summary(fit)$coefficients[at, 4], cr1sP = 2 * pt(-abs(coef(fit)[at] / club("CR1S")), g - 1), n = n, clusters = g)
}
did <- lm(y ~ treated * post, rows)
pre <- rows[rows$period < begin, ]
trend <- lm(y ~ factor(period) + treated + treated:period, pre)
rows$when <- relevel(factor(rows$period), ref = as.character(begin - 1))
study <- lm(y ~ when * treated, rows)
effects <- lapply(setdiff(0:(periods - 1), begin - 1), function(p) c(period = p, kinds(study, paste0("when", p, ":treated"), rows$store)))
leads <- match(paste0("when", 0:(begin - 2), ":treated"), names(coef(study)))
v <- vcovCR(study, cluster = rows$store, type = "CR1S")[leads, leads]
joint <- as.numeric(coef(study)[leads] %*% solve(v) %*% coef(study)[leads]) / length(leads)
placebo <- lapply(1:(begin - 1), function(b) { pre$fake <- as.integer(pre$period >= b); kinds(lm(y ~ treated * fake, pre), "treated:fake", pre$store) })
means <- aggregate(y ~ store + treated + post, rows, mean)
wide <- merge(means[means$post == 0, c("store", "treated", "y")], means[means$post == 1, c("store", "y")], by = "store", suffixes = c("0", "1"))
t <- function(a, b) { w <- t.test(b, a); list(difference = unname(diff(rev(w$estimate))), se = w$stderr, t = unname(w$statistic), df = unname(w$parameter), p = w$p.value, low = w$conf.int[1], high = w$conf.int[2]) }
post <- rows[rows$post == 1, ]
theta <- cov(wide$y1, wide$y0) / var(wide$y0)
adjusted <- wide$y1 - theta * (wide$y0 - mean(wide$y0))
c <- wide$treated == 0
# Customers seen once or twice before and after: many clusters of few make-ups, some seen on one side alone.
set.seed(12)
customers <- do.call(rbind, lapply(1:40, function(i) {
  post <- switch(i %% 5 + 1, c(0, 1), c(0, 1), c(0, 0, 1), c(0, 1), 1)
  data.frame(customer = i, treated = as.integer(i %% 3 == 0), post = post, y = round(100 + rnorm(1, 0, 20) + 3 * post + rnorm(length(post), 0, 8), 1))
}))
few <- lm(y ~ treated * post, customers)
out <- list(
  customers = c(list(customer = customers$customer, treated = customers$treated, post = customers$post, y = customers$y),
    kinds(few, "treated:post", customers$customer)),
  r = R.version.string, clubSandwich = as.character(packageVersion("clubSandwich")), sandwich = as.character(packageVersion("sandwich")),
  rows = list(store = rows$store, period = rows$period, treated = rows$treated, y = rows$y), begin = begin,
  did = kinds(did, "treated:post", rows$store), preTrend = kinds(trend, "treated:period", pre$store), study = effects,
  leads = list(f = joint, df1 = length(leads), df2 = stores - 1, p = pf(joint, length(leads), stores - 1, lower.tail = FALSE)),
  placebo = placebo,
  welch = list(post = t(post$y[post$treated == 0], post$y[post$treated == 1]), change = t((wide$y1 - wide$y0)[c], (wide$y1 - wide$y0)[!c]), clusters = t(wide$y1[c], wide$y1[!c])),
  cuped = c(list(x = wide$y0, y = wide$y1, treated = wide$treated, theta = theta, correlation = cor(wide$y0, wide$y1), reduction = 1 - var(adjusted) / var(wide$y1)), t(adjusted[c], adjusted[!c]))
)
write(toJSON(out, digits = I(17), auto_unbox = TRUE), "initiative.json")
