# Competing risks: Aalen-Johansen curves, Gray's test (cmprsk), Fine-Gray models (survival and cmprsk).
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
suppressMessages(library(cmprsk))

tight <- coxph.control(eps = 1e-14, iter.max = 60, toler.chol = 1e-15)

curve <- function(set, weight = NULL, type = "log-log") {
  d <- sets[[set]]
  w <- if (is.null(weight)) rep(1, nrow(d)) else d[[weight]]
  y <- if (is.null(d$entry)) Surv(d$time, factor(d$event)) else Surv(d$entry, d$time, factor(d$event))
  fit <- survfit(y ~ 1, weights = w, id = seq_len(nrow(d)), conf.type = type)
  list(set = set, weight = weight, type = type, time = fit$time, n_risk = fit$n.risk[, 1],
       incidence = fit$pstate[, -1, drop = FALSE], error = fit$std.err[, -1, drop = FALSE],
       lower = fit$lower[, -1, drop = FALSE], upper = fit$upper[, -1, drop = FALSE])
}

gray <- function(set, group, stratum = NULL) {
  d <- sets[[set]]
  fit <- if (is.null(stratum)) cuminc(d$time, d$event, d[[group]]) else cuminc(d$time, d$event, d[[group]], d[[stratum]])
  list(set = set, group = group, stratum = stratum, tests = unname(fit$Tests))
}

fine <- function(set, x, ties) {
  d <- sets[[set]]
  d$state <- factor(d$event)
  d$id <- seq_len(nrow(d))
  rows <- finegray(Surv(time, state) ~ ., data = d, etype = "1")
  formula <- as.formula(paste("Surv(fgstart, fgstop, fgstatus) ~", paste(x, collapse = "+")))
  naive <- coxph(formula, rows, weights = fgwt, ties = ties, control = tight, robust = FALSE)
  robust <- coxph(update(formula, . ~ . + cluster(id)), rows, weights = fgwt, ties = ties, control = tight)
  specific <- coxph(as.formula(paste("Surv(time, event == 1) ~", paste(x, collapse = "+"))), d, ties = ties, control = tight)
  # cmprsk counts who has an event among those at risk of censoring that day: without such ties both are the same
  apart <- ifelse(d$event == 0, d$time + 0.25, d$time)
  other <- crr(apart, d$event, as.matrix(d[x]), failcode = 1, gtol = 1e-12)
  list(set = set, x = x, ties = ties, coefficients = unname(coef(naive)), naive = naive$var, robust = robust$var,
       log_likelihood = naive$loglik, specific = list(coefficients = unname(coef(specific)), variance = specific$var),
       crr = list(time = apart, coefficients = unname(other$coef), variance = other$var, log_likelihood = other$loglik))
}

write_reference("competing_risks", list(made_with = made_with(c("survival", "cmprsk")),
  curves = list(curve("mgus"), curve("pbc", type = "plain"), curve("pbc", weight = "albumin", type = "log"),
                curve("mgus_entry"), curve("tiny")),
  gray = list(gray("mgus", "male"), gray("pbc", "stage"), gray("pbc", "trt", "stage"), gray("tiny", "group")),
  models = list(fine("mgus", c("age", "male", "hgb"), "efron"), fine("mgus", c("age", "male", "hgb"), "breslow"),
                fine("pbc", c("age", "bili", "albumin"), "breslow"), fine("pbc", c("bili", "edema"), "efron"))))
