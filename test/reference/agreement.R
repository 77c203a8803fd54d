# Agreement of raters. Run in this folder: Rscript agreement.R
library(jsonlite)
library(psych)
library(vcd)
# Table of Fleiss, Cohen & Everitt's kind: two raters, four ordered categories.
tab <- matrix(c(11, 2, 19, 0, 1, 3, 12, 4, 0, 8, 82, 10, 1, 0, 17, 29), 4, byrow = TRUE)
k <- psych::cohen.kappa(tab)
v <- vcd::Kappa(tab, weights = "Fleiss-Cohen")
e <- vcd::Kappa(tab, weights = "Equal-Spacing")
# Fleiss 1971 by its formulas (the irr package is not on Debian); counts of the example everybody quotes: 0.210.
f <- matrix(c(0,0,0,0,14, 0,2,6,4,2, 0,0,3,5,6, 0,3,9,2,0, 2,2,8,1,1, 7,7,0,0,0, 3,2,6,3,0, 2,5,3,2,2, 6,5,2,1,0, 0,2,2,3,7), 10, byrow = TRUE)
m <- 14; N <- 10; p <- colSums(f) / (N * m)
P <- (rowSums(f^2) - m) / (m * (m - 1)); Pe <- sum(p^2)
kf <- (mean(P) - Pe) / (1 - Pe)
q <- 1 - p
var <- 2 / (sum(p * q)^2 * N * m * (m - 1)) * (sum(p * q)^2 - sum(p * q * (q - p)))
out <- list(r = R.version.string, table = unname(as.list(as.data.frame(t(tab)))),
  kappa = k$kappa, quadratic = k$weighted.kappa, varKappa = k$var.kappa,
  ase = unname(v$Unweighted["ASE"]), linear = unname(e$Weighted["value"]), linearAse = unname(e$Weighted["ASE"]), quadraticAse = unname(v$Weighted["ASE"]),
  fleiss = list(counts = unname(as.list(as.data.frame(t(f)))), kappa = kf, se = sqrt(var)))
write(toJSON(out, digits = I(17), auto_unbox = TRUE), "agreement.json")
