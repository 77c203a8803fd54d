# Correlations, tests over groups and tables, penalty-reward. Run in this folder: Rscript associations.R
library(jsonlite)
library(sandwich)
ct <- function(x, y) { a <- cor.test(x, y); s <- cor.test(x, y, method = "spearman", exact = FALSE); k <- cor.test(x, y, method = "kendall", exact = FALSE)
  list(r = unname(a$estimate), t = unname(a$statistic), p = a$p.value, low = a$conf.int[1], high = a$conf.int[2],
    rho = unname(s$estimate), rhoP = s$p.value, tau = unname(k$estimate), z = unname(k$statistic), tauP = k$p.value) }
one <- oneway.test(weight ~ feed, chickwts, var.equal = TRUE)
welch <- oneway.test(weight ~ feed, chickwts)
kw <- kruskal.test(Ozone ~ Month, airquality)
kw2 <- kruskal.test(weight ~ feed, chickwts)
a <- anova(lm(weight ~ feed, chickwts))
tab <- HairEyeColor[, , 2]
x2 <- chisq.test(tab, correct = FALSE)
n <- sum(tab); phi2 <- unname(x2$statistic) / n; r <- nrow(tab); k <- ncol(tab)
pt <- max(0, phi2 - (r - 1) * (k - 1) / (n - 1)); rt <- r - (r - 1)^2 / (n - 1); kt <- k - (k - 1)^2 / (n - 1)
set.seed(4)
N <- 240
s1 <- sample(1:5, N, TRUE); s2 <- sample(1:5, N, TRUE, c(1, 2, 3, 3, 1)); s3 <- sample(1:5, N, TRUE)
y <- round(4 - 1.2 * (s1 <= 2) + 0.3 * (s1 == 5) + 0.4 * (s2 == 5) - 0.45 * (s2 <= 2) + 0.8 * (s3 == 5) - 0.1 * (s3 <= 2) + rnorm(N), 2)
fit <- lm(y ~ I(1 * (s1 <= 2)) + I(1 * (s1 == 5)) + I(1 * (s2 <= 2)) + I(1 * (s2 == 5)) + I(1 * (s3 <= 2)) + I(1 * (s3 == 5)))
V <- vcovHC(fit, type = "HC3")
ok <- complete.cases(airquality$Ozone)
# Without ties cor.test takes the exact distributions: all orders, an Edgeworth series, and above 1290 pairs t.
set.seed(9)
free <- lapply(c(4, 8, 9, 12, 30, 49, 50, 200, 1300), function(n) { x <- round(rnorm(n), 9); y <- round(0.3 * x + rnorm(n), 9)
  stopifnot(!anyDuplicated(x), !anyDuplicated(y))
  list(x = x, y = y, rhoP = cor.test(x, y, method = "spearman")$p.value, tauP = cor.test(x, y, method = "kendall")$p.value) })
out <- list(r = R.version.string, free = free,
  mtcars = as.list(mtcars[, c("mpg", "hp", "cyl", "am")]),
  mpgHp = ct(mtcars$mpg, mtcars$hp), mpgCyl = ct(mtcars$mpg, mtcars$cyl), mpgAm = ct(mtcars$mpg, mtcars$am),
  chick = list(weight = chickwts$weight, feed = as.integer(chickwts$feed)),
  anova = list(f = unname(one$statistic), p = one$p.value, eta = a$`Sum Sq`[1] / sum(a$`Sum Sq`)),
  welch = list(f = unname(welch$statistic), df2 = unname(welch$parameter[2]), p = welch$p.value),
  kruskal = list(h = unname(kw2$statistic), p = kw2$p.value),
  air = list(ozone = airquality$Ozone[ok], month = airquality$Month[ok], h = unname(kw$statistic), p = kw$p.value),
  table = list(counts = unname(as.list(as.data.frame(t(unclass(tab))))), x2 = unname(x2$statistic), p = x2$p.value,
    v = sqrt(phi2 / min(r - 1, k - 1)), corrected = sqrt(pt / min(rt - 1, kt - 1)), least = min(x2$expected)),
  penalty = list(s1 = s1, s2 = s2, s3 = s3, y = y, b = unname(coef(fit)), se = unname(summary(fit)$coefficients[, 2]),
    p = unname(summary(fit)$coefficients[, 4]), hc3 = unname(sqrt(diag(V))), r2 = summary(fit)$r.squared,
    ap = 2 * pnorm(-abs((coef(fit)[2] + coef(fit)[3]) / sqrt(V[2, 2] + V[3, 3] + 2 * V[2, 3])))[[1]]))
write(toJSON(out, digits = I(17), auto_unbox = TRUE), "associations.json")
