# Reference values of the distributions. Run in this folder: Rscript distributions.R
library(jsonlite)
z <- c(-38, -37.5, -20, -8.3, -5.7, -5.6, -3, -1.96, -0.675, -0.67, -1e-3, 0, 1e-10, 0.5, 0.7, 1.2, 4, 5.65, 5.66, 9, 30)
p <- c(1e-300, 1e-100, 1e-20, 1e-8, 1e-3, 0.025, 0.07, 0.1, 0.3, 0.4999, 0.5, 0.6, 0.9, 0.975, 0.999, 1 - 1e-8)
dfs <- c(0.3, 1, 1.5, 2, 3.7, 10, 29, 99.5, 1e3, 1e6, 1e9)
ts <- c(1e-8, 0.01, 0.5, 1, 1.96, 2.5, 5, 12, 40)
t <- expand.grid(t = ts, df = dfs)
tq <- expand.grid(p = c(1e-20, 1e-8, 1e-3, 0.025, 0.3, 0.4999, 0.6, 0.975, 0.9995), df = dfs)
x <- expand.grid(m = c(1e-6, 0.01, 0.3, 0.9, 1, 1.1, 1.8, 4, 20), df = c(0.5, 1, 2, 5, 12, 99, 1000, 1e5, 1e6))
x$x <- x$m * x$df
xq <- expand.grid(p = c(1e-20, 1e-8, 1e-3, 0.025, 0.3, 0.5, 0.7, 0.975, 0.9995), df = c(0.5, 1, 2, 5, 12, 99, 1000, 1e5))
f <- expand.grid(f = c(1e-6, 0.05, 0.7, 1, 1.3, 3, 10, 200), df1 = c(1, 2, 7, 40, 1000), df2 = c(1, 3, 10, 121.3, 5000, 1e6))
# qf of R is itself good for 9 digits only where p is small (qf(1e-10, 1, 1) gives 0), so it is refined on pf.
fq <- expand.grid(p = c(1e-3, 0.025, 0.3, 0.7, 0.975, 0.9995), df1 = c(1, 2, 7, 40, 1000), df2 = c(1, 3, 10, 121.3, 5000, 1e6))
g <- c(1e-10, 1e-3, 0.3, 0.5, 0.99, 1, 1.0001, 1.3, 1.5, 1.9999, 2, 2.0001, 2.5, 3, 7.2, 14.9, 15, 15.1, 100, 1e4, 1e10)
b <- expand.grid(a = c(0.01, 0.5, 1, 3, 50, 1e4), b = c(0.01, 0.5, 2, 30, 1e4), x = c(1e-5, 0.1, 0.5, 0.9, 0.999))
fq$q <- qf(fq$p, fq$df1, fq$df2)
for (i in 1:4) fq$q <- fq$q - (pf(fq$q, fq$df1, fq$df2) - fq$p) / df(fq$q, fq$df1, fq$df2)
out <- list(
  r = R.version.string,
  normal = list(z = z, density = dnorm(z), cdf = pnorm(z), upper = pnorm(z, lower.tail = FALSE)),
  normalQuantile = list(p = p, q = qnorm(p)),
  student = list(t = t$t, df = t$df, twoSided = 2 * pt(-t$t, t$df), cdf = pt(t$t, t$df), density = dt(t$t, t$df)),
  studentQuantile = list(p = tq$p, df = tq$df, q = qt(tq$p, tq$df)),
  chiSquare = list(x = x$x, df = x$df, cdf = pchisq(x$x, x$df), upper = pchisq(x$x, x$df, lower.tail = FALSE), density = dchisq(x$x, x$df)),
  chiSquareQuantile = list(p = xq$p, df = xq$df, q = qchisq(xq$p, xq$df)),
  fisher = list(f = f$f, df1 = f$df1, df2 = f$df2, cdf = pf(f$f, f$df1, f$df2), upper = pf(f$f, f$df1, f$df2, lower.tail = FALSE), density = df(f$f, f$df1, f$df2)),
  fisherQuantile = list(p = fq$p, df1 = fq$df1, df2 = fq$df2, q = fq$q),
  lgamma = list(x = g, value = lgamma(g)),
  beta = list(a = b$a, b = b$b, x = b$x, lower = pbeta(b$x, b$a, b$b), upper = pbeta(b$x, b$a, b$b, lower.tail = FALSE))
)
write(toJSON(out, digits = I(17), auto_unbox = TRUE), "distributions.json")
