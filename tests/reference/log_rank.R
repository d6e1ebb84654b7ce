# Log-rank and Peto-Peto tests, strata, trend (by its formula, from what survdiff gives).
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))

cases <- list(list("freireich", "placebo"), list("lung", "sex"), list("lung", "ecog"), list("lung", "sex", "ecog"),
              list("veteran", "cell"), list("veteran", "trt", "cell"), list("ovarian", "rx"), list("colon", "node4"),
              list("colon", "extent", "sex"), list("kidney", "sex"), list("pbc", "stage"))

describe <- function(case, rho) {
  d <- sets[[case[[1]]]]
  d$event <- as.numeric(d$event > 0)
  right <- c(case[[2]], if (length(case) > 2) sprintf("strata(%s)", case[[3]]))
  fit <- survdiff(as.formula(paste("Surv(time, event) ~", paste(right, collapse = " + "))), d, rho = rho)
  total <- function(v) if (is.matrix(v)) rowSums(v) else v
  o <- total(fit$obs); e <- total(fit$exp)
  scores <- seq_along(o)
  df <- sum(e > 0) - 1
  list(set = case[[1]], group = case[[2]], stratum = if (length(case) > 2) case[[3]], rho = rho,
       observed = o, expected = e, variance = fit$var, chisq = fit$chisq, df = df,
       p = pchisq(fit$chisq, df, lower.tail = FALSE),
       trend = sum(scores * (o - e))^2 / drop(scores %*% fit$var %*% scores))
}
write_reference("log_rank", list(made_with = made_with(),
  cases = c(lapply(cases, describe, rho = 0), lapply(cases, describe, rho = 1))))
