# Cox models: coefficients, errors, three tests, concordance, proportional hazards, residuals, robust variance.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))

tight <- coxph.control(eps = 1e-14, iter.max = 60, toler.chol = 1e-15)
model <- function(set, x, ties = "efron", stratum = NULL, weight = NULL, offset = NULL, cluster = NULL, robust = FALSE,
                  residuals = FALSE)
  list(set = set, x = x, ties = ties, stratum = stratum, weight = weight, offset = offset, cluster = cluster,
       robust = robust, residuals = residuals)

cases <- list(
  lung           = model("lung", c("age", "sex", "ecog"), residuals = TRUE),
  lung_breslow   = model("lung", c("age", "sex", "ecog"), "breslow", residuals = TRUE),
  lung_weighted  = model("lung", c("age", "sex", "ecog"), weight = "weight", robust = TRUE, residuals = TRUE),
  lung_site      = model("lung", c("age", "sex"), cluster = "inst", weight = "weight"),
  lung_site_breslow = model("lung", c("age", "sex"), "breslow", cluster = "inst", weight = "weight"),
  lung_offset    = model("lung", c("sex", "ecog"), offset = "age", stratum = "inst"),
  veteran        = model("veteran", c("trt", "karno", "age", "prior")),
  veteran_strata = model("veteran", c("trt", "karno", "prior"), stratum = "cell", residuals = TRUE),
  ovarian        = model("ovarian", c("age", "resid", "rx", "ecog")),
  freireich      = model("freireich", "placebo", robust = TRUE),
  freireich_breslow = model("freireich", "placebo", "breslow", robust = TRUE),
  heart          = model("heart", c("age", "year", "surgery", "transplant"), residuals = TRUE),
  heart_breslow  = model("heart", c("age", "year", "surgery", "transplant"), "breslow", cluster = "id"),
  mgus_age       = model("mgus_age", c("male", "hgb", "creat")),
  colon          = model("colon", c("lev", "lev5fu", "sex", "age", "node4"), stratum = "extent"),
  kidney         = model("kidney", c("age", "sex"), cluster = "id"),
  bladder        = model("bladder", c("rx", "number", "size"), stratum = "enum", cluster = "id", residuals = TRUE),
  cgd            = model("cgd", c("treat", "age", "steroids"), cluster = "id"),
  cgd_center     = model("cgd", c("treat", "steroids"), stratum = "center", cluster = "id", weight = "age"))

describe <- function(case) {
  d <- sets[[case$set]]
  d$w <- if (is.null(case$weight)) rep(1, nrow(d)) else d[[case$weight]]
  left <- if (is.null(d$entry)) "Surv(time, event)" else "Surv(entry, time, event)"
  right <- c(case$x, if (!is.null(case$stratum)) sprintf("strata(%s)", case$stratum),
             if (!is.null(case$offset)) sprintf("offset(0.02 * %s)", case$offset),
             if (!is.null(case$cluster)) sprintf("cluster(%s)", case$cluster))
  formula <- as.formula(paste(left, "~", paste(right, collapse = " + ")))
  environment(formula) <- environment()
  fit <- if (case$robust) coxph(formula, d, weights = w, ties = case$ties, robust = TRUE, control = tight, x = TRUE)
         else coxph(formula, d, weights = w, ties = case$ties, control = tight, x = TRUE)
  s <- summary(fit)
  # the formula without cluster gives the concordance of rows
  is_robust <- !is.null(fit$naive.var)
  out <- c(case, list(
    coefficients = unname(coef(fit)), variance = fit$var, naive_variance = if (is_robust) fit$naive.var else fit$var,
    log_likelihood = fit$loglik, score = unname(s$sctest), wald = unname(fit$wald.test), ratio = unname(s$logtest),
    robust_score = if (is_robust) unname(s$robscore), lower = unname(s$conf.int[, "lower .95"]),
    upper = unname(s$conf.int[, "upper .95"]), p = unname(s$coefficients[, ncol(s$coefficients)]),
    concordance = unname(s$concordance), pairs = unname(fit$concordance[1:3]),
    zph = sapply(c("km", "identity", "log", "rank"), function(t)
      if (t == "log" && any(d$time <= 0)) NULL else unname(cox.zph(fit, transform = t)$table), simplify = FALSE)))
  if (case$residuals) out$residual <- list(
    martingale = unname(residuals(fit, "martingale")), deviance = unname(residuals(fit, "deviance")),
    score = unname(as.matrix(residuals(fit, "score"))), dfbeta = unname(as.matrix(residuals(fit, "dfbeta"))),
    schoenfeld = unname(as.matrix(residuals(fit, "schoenfeld"))),
    scaled = unname(as.matrix(residuals(fit, "scaledsch"))))
  out
}

# a covariate of several levels is one term; its spline has the same likelihood as any other basis of these knots
cell <- coxph(Surv(time, event) ~ factor(cell) + karno, sets$veteran, control = tight)
knots <- c(40, 60, 80)
spline <- coxph(Surv(time, event) ~ splines::ns(karno, knots = 60, Boundary.knots = c(40, 80)), sets$veteran,
                control = tight)

# all who can be the tied ones: the likelihood of time in steps
exact <- lapply(list(list("freireich", "placebo"), list("ovarian", c("age", "rx")), list("lung", c("age", "sex"), 10),
                     list("veteran", c("trt", "karno"), 5, "cell")), function(case) {    # R's own takes for ever with late entry
  d <- sets[[case[[1]]]]
  if (length(case) > 2) d$time <- ceiling(d$time / case[[3]])
  right <- c(case[[2]], if (length(case) > 3) sprintf("strata(%s)", case[[4]]))
  fit <- coxph(as.formula(paste("Surv(time, event) ~", paste(right, collapse = "+"))), d, ties = "exact", control = tight)
  list(set = case[[1]], x = case[[2]], width = if (length(case) > 2) case[[3]], stratum = if (length(case) > 3) case[[4]],
       coefficients = unname(coef(fit)), variance = fit$var, log_likelihood = fit$loglik, score = fit$score)
})

write_reference("cox", list(exact = exact, made_with = made_with(), cases = lapply(cases, describe),
  terms = unname(cox.zph(cell)$table), spline = list(knots = knots, log_likelihood = spline$loglik[2])))
