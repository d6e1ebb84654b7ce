# What predictions are worth under censoring: Uno's C (survival), Brier score and its integral (pec), and the area under
# the cumulative/dynamic ROC curve with a second Brier score (riskRegression). A risk is given by covariates and not
# fitted: S(t) = exp(-(t / scale)^0.9 * exp(predictor)). Tied times: lung in steps of 60 days.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
suppressMessages({library(pec); library(riskRegression)})

ages <- function(d) (d$age - 60) / 20
cases <- list(
  lung    = list(set = "lung", step = 0, scale = 400, at = c(182.625, 365.25, 730.5), risk = function(d) ages(d) + 0.4 * d$ecog - 0.5 * d$sex),
  stepped = list(set = "lung", step = 60, scale = 400, at = c(180, 365.25, 600), risk = function(d) ages(d) + 0.4 * d$ecog - 0.5 * d$sex),
  coarse  = list(set = "lung", step = 60, scale = 400, at = c(180, 365.25, 600), risk = function(d) 0.4 * d$ecog),
  veteran = list(set = "veteran", step = 0, scale = 130, at = c(30, 90, 180), risk = function(d) -d$karno / 30 + 2),
  colon   = list(set = "colon", step = 0, scale = 3000, at = c(365.25, 1000, 2000), risk = function(d) 0.5 * d$node4 + 0.4 * d$extent - 0.4 * d$lev5fu - 1.2 + ages(d) / 10),
  pbc     = list(set = "pbc", step = 0, scale = 6000, at = c(365.25, 1500, 3000), risk = function(d) d$bili - d$albumin + 2.5))

measure <- function(name) {
  case <- cases[[name]]; d <- sets[[case$set]]
  if (case$set == "pbc") d$event <- as.numeric(d$event == 2)
  if (case$step) d$time <- case$step * ceiling(d$time / case$step)
  lp <- round(case$risk(d), 6); d <- data.frame(time = d$time, event = d$event)   # rounded: equal risks are equal to the bit
  survive <- function(at) exp(-outer(exp(lp), (at / case$scale)^0.9))
  # the risk is evaluated where somebody has the event or is lost, and at the horizon
  errors <- sapply(case$at, function(to) {
    grid <- sort(unique(c(0, d$time[d$time < to], to)))
    error <- pec(list(given = survive(grid)), Surv(time, event) ~ 1, data = d, times = grid, exact = FALSE, start = 0,
                 cens.model = "marginal", reference = FALSE, verbose = FALSE)
    c(error$AppErr$given[length(grid)], as.numeric(crps(error, times = to, start = 0)))
  })
  scored <- Score(list(given = 1 - survive(case$at)), Surv(time, event) ~ 1, data = d, times = case$at, metrics = c("auc", "brier"),
                  null.model = FALSE, conf.int = FALSE, cens.model = "km", se.fit = FALSE)
  uno <- sapply(case$at, function(tau) concordance(Surv(time, event) ~ lp, d, timewt = "n/G2", ymax = tau, reverse = TRUE)$concordance)
  list(name = name, time = d$time, event = d$event, predictor = lp, scale = case$scale, at = case$at, uno = unname(uno),
       brier = errors[1, ], integrated = errors[2, ],
       auc = scored$AUC$score$AUC, brier_again = scored$Brier$score$Brier)
}
write_reference("prediction", list(made_with = made_with(c("survival", "pec", "riskRegression")), cases = lapply(names(cases), measure)))
