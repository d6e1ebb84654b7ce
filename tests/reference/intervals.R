# Intervals of a proportion, quantiles of data, mean and standard deviation.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))

proportion <- function(x, n) {
  wilson <- function(correct) suppressWarnings(prop.test(x, n, correct = correct))$conf.int
  list(x = x, n = n, exact = binom.test(x, n)$conf.int, wilson = wilson(FALSE), wilson_corrected = wilson(TRUE))
}
shares <- c(0.1, 0.25, 0.5, 0.75, 0.9)
write_reference("intervals", list(
  made_with = made_with("stats"),
  proportions = Map(proportion, c(0, 10, 1, 20, 53, 109, 349), c(10, 10, 16, 104, 350, 126, 350)),
  summary = with(sets$lung, list(type2 = unname(quantile(age, 1:3 / 4, type = 2)), mean = mean(age), sd = sd(age))),
  quantiles = lapply(list(c(3, 1, 2, 8), c(5, 5, 1, 9, 7), c(2.5, 4), sets$lung$age[1:20]), function(v) list(
    values = v, shares = shares, type2 = unname(quantile(v, shares, type = 2)),
    type7 = unname(quantile(v, shares, type = 7))))))
