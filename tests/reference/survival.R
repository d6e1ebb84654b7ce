# Reference values of R's survival package for tests/oracles/test_estimates_against_r.py.
# Run: Rscript tests/reference/survival.R        (writes survival.json beside this file)
# Data: the Freireich leukemia trial (published table) and public data sets that ship with the package.

suppressMessages({library(survival); library(jsonlite)})

freireich <- data.frame(
  time  = c(6,6,6,6,7,9,10,10,11,13,16,17,19,20,22,23,25,32,32,34,35),
  event = c(1,1,1,0,1,0,1,0,0,1,1,0,0,0,1,1,0,0,0,0,0))

flat <- data.frame(time = c(1,2,3,4,5,6,7,8), event = c(1,1,1,1,0,1,1,0))    # flat at one half, then falls
open <- data.frame(time = c(1,2,3,4), event = c(1,1,0,0))                    # flat at one half until the end

sets <- list(
  freireich      = freireich,
  flat           = flat,
  open           = open,
  lung           = with(lung, data.frame(time = time, event = status - 1)),
  lung_women     = with(subset(lung, sex == 2), data.frame(time = time, event = status - 1)),
  ovarian        = with(ovarian, data.frame(time = futime, event = fustat)),
  veteran        = with(veteran, data.frame(time = time, event = status)),
  veteran_small  = with(subset(veteran, celltype == "smallcell"), data.frame(time = time, event = status)))

describe <- function(d, type) {
  fit <- survfit(Surv(time, event) ~ 1, data = d, conf.type = type)
  q <- quantile(fit, c(0.25, 0.5, 0.75))
  marks <- quantile(d$time, c(0.2, 0.5, 0.8), type = 1)
  s <- summary(fit, times = marks, extend = FALSE)
  list(curve = list(time = fit$time, n_risk = fit$n.risk, n_event = fit$n.event, survival = fit$surv,
                    std_error = fit$std.err * fit$surv, lower = fit$lower, upper = fit$upper),
       quantiles = list(value = unname(q$quantile), lower = unname(q$lower), upper = unname(q$upper)),
       marks = list(time = s$time, value = s$surv, lower = s$lower, upper = s$upper))
}

reverse <- function(d) {
  q <- quantile(survfit(Surv(time, 1 - event) ~ 1, data = d, conf.type = "log-log"), 0.5)
  list(value = unname(q$quantile), lower = unname(q$lower), upper = unname(q$upper))
}

out <- list(
  made_with = paste(R.version.string, "survival", packageVersion("survival")),
  sets = lapply(sets, function(d) list(
    data = d,
    types = sapply(c("log-log", "log", "plain"), function(type) describe(d, type), simplify = FALSE),
    reverse = reverse(d))),
  proportions = lapply(
    list(c(0,10), c(10,10), c(1,16), c(20,104), c(53,350), c(109,126), c(349,350)),
    function(p) { b <- binom.test(p[1], p[2])
      w <- suppressWarnings(prop.test(p[1], p[2], correct = FALSE))
      wc <- suppressWarnings(prop.test(p[1], p[2], correct = TRUE))
      list(x = p[1], n = p[2], exact = b$conf.int, wilson = w$conf.int, wilson_corrected = wc$conf.int) }),
  quantiles = list(
    values = lung$age, type2 = unname(quantile(lung$age, c(.25, .5, .75), type = 2)),
    mean = mean(lung$age), sd = sd(lung$age)))

here <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
write_json(out, file.path(dirname(here), "survival.json"), digits = NA, auto_unbox = TRUE, na = "null", dataframe = "columns")
