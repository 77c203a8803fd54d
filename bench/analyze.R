# The same answers by R: Rscript analyze.R FILE.csv OUT.json. Seconds of each method without reading; `read` apart.
args <- commandArgs(TRUE)
suppressMessages({ library(survival); library(lme4); library(survey); library(sandwich) })
now <- function(f) { gc(); unname(system.time(f())["elapsed"]) }
read <- unname(system.time(d <- read.csv(args[1], stringsAsFactors = TRUE))["elapsed"])
x <- paste0("d", 1:12)
out <- list(read = read)
out$nps <- now(function() { p <- tapply(d$score >= 9, d$unit, sum); q <- tapply(d$score <= 6, d$unit, sum); n <- tapply(d$score, d$unit, length)
  mapply(function(a, b) prop.test(a, b, correct = FALSE)$conf.int, p, n); sqrt(((p + q) / n - ((p - q) / n)^2) / n) })
out$csat <- now(function() { t <- tapply(d$d1 >= 6, d$channel, sum, na.rm = TRUE); n <- table(d$channel[!is.na(d$d1)]); prop.test(t, n, correct = FALSE); t.test(d$d1) })
out$ces <- now(function() { t <- tapply(d$d2 >= 6, d$channel, sum, na.rm = TRUE); n <- table(d$channel[!is.na(d$d2)]); prop.test(t, n, correct = FALSE); t.test(d$d2) })
out$drivers <- now(function() {
  m <- na.omit(d[, c(x, "score")]); summary(lm(score ~ ., m)); R <- cor(m); p <- 12
  r2 <- numeric(2^p)
  for (s in 1:(2^p - 1)) { i <- which(bitwAnd(s, 2^(0:(p - 1))) > 0); r2[s + 1] <- sum(R[i, 13] * solve(R[i, i], R[i, 13])) }
  size <- sapply(0:(2^p - 1), function(s) sum(bitwAnd(s, 2^(0:(p - 1))) > 0))
  sapply(1:p, function(j) { s <- which(bitwAnd(0:(2^p - 1), 2^(j - 1)) == 0); sum((r2[s + 2^(j - 1)] - r2[s]) / (p * choose(p - 1, size[s]))) })
  e <- eigen(R[1:12, 1:12]); A <- e$vectors %*% diag(sqrt(e$values)) %*% t(e$vectors); A^2 %*% solve(A, R[1:12, 13])^2 })
out$`penalty-reward` <- now(function() { m <- na.omit(d[, c("d1", "d2", "d3", "d4", "score")])
  z <- as.data.frame(lapply(m[, 1:4], function(v) factor(ifelse(v <= 2, "l", ifelse(v >= 6, "h", "a"))))); f <- lm(m$score ~ ., z); vcovHC(f, "HC3") })
# Kendall is left out: R counts all pairs, which takes days at a million rows.
out$correlate <- now(function() { cor.test(d$score, d$wait); cor.test(d$score, d$wait, method = "spearman", exact = FALSE)
  anova(lm(score ~ channel, d)); oneway.test(score ~ channel, d); kruskal.test(score ~ channel, d) })
out$units <- now(function() lmer(score ~ 1 + (1 | unit), d))
out$agreement <- now(function() { t <- table(d$d1, d$d2); n <- sum(t); p <- t / n; e <- rowSums(p) %o% colSums(p); (sum(diag(p)) - sum(diag(e))) / (1 - sum(diag(e))) })
out$weight <- now(function() { s <- postStratify(svydesign(ids = ~1, weights = rep(1, nrow(d)), data = d), ~channel, data.frame(channel = c("web", "shop", "phone"), Freq = nrow(d) * c(0.5, 0.3, 0.2)))
  svymean(~I((score >= 9) - (score <= 6)), s) })
out$words <- now(function() { k <- function(v) table(unlist(strsplit(tolower(as.character(v)), "[^[:alpha:]]+"))); a <- k(d$comment[d$score <= 6]); b <- k(d$comment[d$score >= 9]) })
out$trend <- now(function() { m <- substr(d$date, 1, 7); tapply((d$score >= 9) - (d$score <= 6), m, mean) })
out$forecast <- now(function() { m <- tapply(d$wait, substr(d$date, 1, 7), mean); HoltWinters(ts(m), gamma = FALSE); HoltWinters(ts(m), beta = FALSE, gamma = FALSE) })
# CR2 is left out: clubSandwich holds a square matrix of the answers of each cluster.
out$initiative <- now(function() { d$treated <- d$left; d$post <- as.character(d$date) >= "2024-07-01"
  f <- lm(score ~ treated * post, d); vcovCL(f, cluster = d$unit); vcovHC(f, "HC1"); t.test(score ~ treated, d[d$post, ]) })
out$value <- now(function() { day <- as.numeric(as.Date(d$date)); s <- list(tapply(day, d$id, max), tapply(day, d$id, length), tapply(d$wait, d$id, sum))
  lapply(s, function(v) pmin(5, 1 + floor(5 * (rank(v, ties.method = "min") - 1) / length(v)))) })
out$survival <- now(function() { survfit(Surv(months, left) ~ channel, d); survdiff(Surv(months, left) ~ channel, d) })
out$churn <- now(function() summary(glm(left ~ score + wait + channel, binomial, d)))
out$describe <- now(function() summary(d))
write(jsonlite::toJSON(out, auto_unbox = TRUE, digits = 6), args[2])
