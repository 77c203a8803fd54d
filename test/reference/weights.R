# Raking, post-stratification, weighted NPS; weighted log-odds. Run in this folder: Rscript weights.R
library(jsonlite)
library(survey)
set.seed(3)
N <- 300
d <- data.frame(sex = sample(1:2, N, TRUE, c(2, 1)), age = sample(1:3, N, TRUE, c(1, 3, 2)), one = 1)
d$score <- pmin(10, pmax(0, round(7 + d$sex + 0.4 * d$age + rnorm(N, 0, 2))))
d$net <- 100 * ((d$score >= 9) - (d$score <= 6))
s <- svydesign(ids = ~1, weights = ~one, data = d)
pop <- function(v, shares) data.frame(v = seq_along(shares), Freq = N * shares)
psex <- setNames(pop("sex", c(0.48, 0.52)), c("sex", "Freq")); page <- setNames(pop("age", c(0.3, 0.45, 0.25)), c("age", "Freq"))
rk <- rake(s, list(~sex, ~age), list(psex, page), control = list(maxit = 500, epsilon = 1e-12))
w <- weights(rk)
lin <- svymean(~net, svydesign(ids = ~1, weights = w, data = d))
cells <- aggregate(cbind(w = w) ~ sex + age, d, mean)
cells$promoters <- aggregate(I(score >= 9) ~ sex + age, d, sum)[, 3]
cells$detractors <- aggregate(I(score <= 6) ~ sex + age, d, sum)[, 3]
cells$n <- aggregate(score ~ sex + age, d, length)[, 3]
shares <- c(0.1, 0.2, 0.25, 0.2, 0.15, 0.1)
d$cell <- (d$age - 1) * 2 + d$sex
ps <- postStratify(svydesign(ids = ~1, weights = ~one, data = d), ~cell, data.frame(cell = 1:6, Freq = N * shares))
psm <- svymean(~net, ps)
# Monroe, Colaresi & Quinn 2008, equations 16, 20 and 22, with the prior from both texts together.
a <- c(fast = 30, slow = 4, staff = 22, queue = 9, the = 120); b <- c(fast = 6, slow = 25, staff = 20, queue = 31, the = 140)
odds <- function(al) { d <- log((a + al) / (sum(a) + sum(al) - a - al)) - log((b + al) / (sum(b) + sum(al) - b - al)); list(delta = unname(d), z = unname(d / sqrt(1 / (a + al) + 1 / (b + al)))) }
out <- list(r = R.version.string, cells = as.list(cells), rakedNps = coef(lin)[[1]], linearisedSe = SE(lin)[[1]], rakedSe = SE(svymean(~net, rk))[[1]],
  effective = sum(w)^2 / sum(w^2), shares = shares, postNps = coef(psm)[[1]], postSe = SE(psm)[[1]], post = unname(sapply(1:6, function(i) weights(ps)[d$cell == i][1])),
  words = list(names = names(a), a = unname(a), b = unname(b), informative = odds(a + b), strength = odds(50 * (a + b) / sum(a + b)), uniform = odds(rep(0.01, 5))))
write(toJSON(out, digits = I(17), auto_unbox = TRUE), "weights.json")
