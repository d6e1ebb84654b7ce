# Kaplan-Meier: curves, quantiles, landmark rates, restricted means, follow-up; entry, weights, five interval types.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))

types <- c("log-log", "log", "plain", "logit", "arcsin")

cases <- list(                                               # set, column of weights, robust error, condition
  freireich = list("freireich"), freireich_drug = list("freireich", where = "placebo == 0"), flat = list("flat"),
  open = list("open"), lung = list("lung"), lung_women = list("lung", where = "sex == 2"),
  lung_weighted = list("lung", weight = "weight"), lung_robust = list("lung", weight = "weight", robust = TRUE),
  veteran = list("veteran"), veteran_small = list("veteran", where = "cell == 2"), ovarian = list("ovarian"),
  colon = list("colon"), kidney = list("kidney"),
  heart = list("heart"), mgus_age = list("mgus_age"), cgd = list("cgd"))

surv <- function(d, reverse = FALSE) {
  event <- if (reverse) 1 - d$event else d$event
  if (is.null(d$entry)) Surv(d$time, event) else Surv(d$entry, d$time, event)
}

describe <- function(d, weights, robust, type) {
  fit <- survfit(surv(d) ~ 1, weights = weights, robust = robust, conf.type = type, id = seq_len(nrow(d)))
  q <- quantile(fit, c(0.25, 0.5, 0.75))
  marks <- unname(quantile(d$time, c(0.2, 0.5, 0.8), type = 1))
  s <- summary(fit, times = marks, extend = FALSE)
  list(lower = fit$lower, upper = fit$upper,
       quantiles = list(value = unname(q$quantile), lower = unname(q$lower), upper = unname(q$upper)),
       marks = list(time = s$time, value = s$surv, error = s$std.err, lower = s$lower, upper = s$upper))
}

restrict <- function(fit, tau) {
  m <- survival:::survmean(fit, rmean = tau)$matrix
  list(tau = tau, value = unname(m["rmean"]), error = unname(m["se(rmean)"]))
}

out <- lapply(cases, function(case) {
  d <- sets[[case[[1]]]]
  if (!is.null(case$where)) d <- subset(d, eval(parse(text = case$where), d))
  weights <- if (is.null(case$weight)) rep(1, nrow(d)) else d[[case$weight]]
  robust <- isTRUE(case$robust)
  fit <- survfit(surv(d) ~ 1, weights = weights, robust = robust, id = seq_len(nrow(d)))
  start <- if (is.null(d$entry)) 0 else min(d$entry)
  taus <- if (start > 0 || robust) numeric() else unname(quantile(d$time, c(0.3, 0.75), type = 1)) - c(0, 0.5)
  q <- quantile(survfit(surv(d, TRUE) ~ 1, weights = weights, conf.type = "log-log", id = seq_len(nrow(d)), robust = robust), 0.5)
  list(set = case[[1]], where = case$where, weight = case$weight, robust = robust,
       time = fit$time, n_risk = fit$n.risk, n_event = fit$n.event, n_censored = fit$n.censor, survival = fit$surv,
       std_error = if (fit$logse) fit$std.err * fit$surv else fit$std.err,
       types = sapply(types, function(type) describe(d, weights, robust, type), simplify = FALSE),
       means = lapply(taus, function(tau) restrict(fit, tau)),
       reverse = list(value = unname(q$quantile), lower = unname(q$lower), upper = unname(q$upper)))
})
write_reference("kaplan_meier", list(made_with = made_with(), cases = out))
