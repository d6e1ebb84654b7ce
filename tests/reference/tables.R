# Tables of counts, ranks and means, rates. Where R solves with a coarse tolerance (the odds ratio of fisher.test),
# the same equations are solved here more tightly, and R's own answer is kept beside them.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))

fisher_2x2 <- function(x) {
  m <- sum(x[, 1]); n <- sum(x[, 2]); k <- sum(x[1, ]); a <- x[1, 1]
  lo <- max(0, k - n); hi <- min(k, m); support <- lo:hi
  d0 <- dhyper(support, m, n, k, log = TRUE)
  d <- function(t) { e <- d0 + t * support; e <- exp(e - max(e)); e / sum(e) }
  root <- function(f) exp(uniroot(f, c(-30, 30), tol = 1e-15)$root)
  fit <- fisher.test(x)
  list(table = x, p = fit$p.value, rough = c(unname(fit$estimate), fit$conf.int),
       value = if (a == lo) 0 else if (a == hi) Inf else root(function(t) sum(d(t) * support) - a),
       lower = if (a == lo) 0 else root(function(t) sum(d(t)[support >= a]) - 0.025),
       upper = if (a == hi) Inf else root(function(t) sum(d(t)[support <= a]) - 0.025))
}
show <- function(v) { v[is.infinite(v)] <- 1e300; v }
larger <- list(matrix(c(3, 1, 2, 4, 0, 5), 2), matrix(c(1, 2, 1, 0, 3, 3, 6, 1, 10, 10, 14, 9, 6, 7, 12, 11), 4, byrow = TRUE)[1:3, ],
               with(sets$veteran, unclass(table(cell, prior))), with(sets$lung, unclass(table(ecog, sex))),
               matrix(c(8, 2, 1, 0, 3, 5, 4, 1, 1, 1, 6, 7), 3, byrow = TRUE))
strata <- with(sets$colon, table(lev5fu, event, extent))
square <- with(sets$veteran, table(trt, cell, prior))
three <- with(sets$lung, table(pmin(ecog, 2), cut(karno, c(0, 70, 85, 100)), sex))
cmh <- function(t, correct) { f <- mantelhaen.test(t, correct = correct)
  list(tables = aperm(unclass(t), c(3, 1, 2)), corrected = correct, chisq = unname(f$statistic), df = unname(f$parameter), p = f$p.value,
       value = unname(f$estimate), limits = as.numeric(f$conf.int)) }
chi <- function(t, correct) { f <- suppressWarnings(chisq.test(t, correct = correct))
  list(table = unclass(t), corrected = correct, chisq = unname(f$statistic), df = unname(f$parameter), p = f$p.value, least = min(f$expected)) }

set.seed(11)
plain <- list(round(rnorm(12), 3), round(rnorm(9, 0.7), 3))
tied <- list(sets$lung$karno[sets$lung$sex == 1], sets$lung$karno[sets$lung$sex == 2])
long <- list(sets$pbc$bili[sets$pbc$trt == 1], sets$pbc$bili[sets$pbc$trt == 2])
two <- function(v) { w <- suppressWarnings(wilcox.test(v[[1]], v[[2]])); t <- t.test(v[[1]], v[[2]]); s <- t.test(v[[1]], v[[2]], var.equal = TRUE)
  list(first = v[[1]], second = v[[2]], w = unname(w$statistic), p = w$p.value,
       welch = c(unname(diff(rev(t$estimate))), t$stderr, unname(t$parameter), t$conf.int, t$p.value),
       student = c(unname(diff(rev(s$estimate))), s$stderr, unname(s$parameter), s$conf.int, s$p.value)) }
one <- function(v) { w <- suppressWarnings(wilcox.test(v)); t <- t.test(v)
  list(values = v, v = unname(w$statistic), p = w$p.value, t = c(unname(t$estimate), t$stderr, unname(t$parameter), t$conf.int, t$p.value)) }
kruskal <- function(v, g) { f <- kruskal.test(v, g)
  list(groups = unname(split(v, g)), test = c(unname(f$statistic), unname(f$parameter), f$p.value)) }
rate <- function(x, t) { f <- poisson.test(x, t); list(events = x, time = t, value = 100 * x / t, limits = 100 * f$conf.int) }

fish <- lapply(list(matrix(c(3, 1, 1, 3), 2), matrix(c(10, 2, 3, 15), 2), matrix(c(0, 5, 6, 4), 2), matrix(c(7, 0, 2, 8), 2),
                    matrix(c(40, 60, 55, 45), 2), matrix(c(1, 20, 3, 300), 2)), fisher_2x2)
fish <- lapply(fish, function(f) lapply(f, show))

write_reference("tables", list(made_with = made_with("stats"), fisher_2x2 = fish,
  fisher = lapply(larger, function(t) list(table = unclass(t), p = fisher.test(t, workspace = 2e7)$p.value)),
  chi_square = c(lapply(larger, chi, TRUE), list(chi(matrix(c(10, 2, 3, 15), 2), TRUE), chi(matrix(c(10, 2, 3, 15), 2), FALSE))),
  mantel_haenszel = list(cmh(strata, TRUE), cmh(strata, FALSE)), general = list(cmh(square, FALSE), cmh(three, FALSE)),
  binomial = Map(function(x, n, p) list(x = x, n = n, expected = p, p = binom.test(x, n, p)$p.value),
                 c(0, 3, 14, 53, 10, 175), c(10, 16, 16, 350, 10, 350), c(0.1, 0.3, 0.5, 0.2, 0.9, 0.5)),
  two = lapply(list(plain, tied, long), two), one = lapply(list(plain[[1]], tied[[1]] - 80, long[[1]][1:40]), one),
  several = list(kruskal(sets$lung$age, sets$lung$ecog), kruskal(sets$pbc$albumin, sets$pbc$stage)),
  rates = Map(rate, c(0, 1, 12, 350), c(31.5, 7.2, 250, 401.25))))
