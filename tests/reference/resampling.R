# Rubin's rules and a Cox model over chained equations (mice), propensity weights (glm), bootstrap errors (boot).
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
suppressMessages({library(mice); library(boot)})

rubin <- lapply(list(list(q = c(0.31, 0.28, 0.40, 0.35, 0.22), u = c(0.010, 0.012, 0.011, 0.009, 0.013), n = Inf, k = 1),
                     list(q = c(-1.2, -0.9, -1.4), u = c(0.2, 0.25, 0.22), n = 84, k = 4),
                     list(q = c(2.0, 2.1, 1.9, 2.05), u = c(0.5, 0.4, 0.45, 0.5), n = 21, k = 2)), function(s) {
  p <- pool.scalar(s$q, s$u, n = s$n, k = s$k)
  c(s[c("q", "u")], list(complete_df = if (is.finite(s$n)) s$n - s$k, value = p$qbar, error = sqrt(p$t), df = p$df, lost = p$fmi))
})

# covariates of the lung data, with what is missing in them
holes <- with(lung, data.frame(time = time, event = status - 1, sex = sex - 1, age = age, karno = ph.karno, meal = meal.cal / 100, loss = wt.loss))
set.seed(5); holes$heavy <- as.numeric(holes$age > 65); holes$heavy[sample(nrow(holes), 40)] <- NA
holes$hazard <- nelsonaalen(holes, time, event)
imp <- mice(holes[c("event", "hazard", "sex", "karno", "meal", "loss")], m = 400, maxit = 8, method = c("", "", "", "norm", "norm", "norm"), printFlag = FALSE, seed = 1)
fits <- lapply(1:400, function(i) coxph(Surv(holes$time, holes$event) ~ sex + karno + meal + loss, complete(imp, i)))
pooled <- summary(pool(fits))
second <- mice(transform(holes[c("event", "hazard", "sex", "karno", "heavy")], heavy = factor(heavy)), m = 400, maxit = 8, method = c("", "", "", "pmm", "logreg"), printFlag = FALSE, seed = 2)
fits2 <- lapply(1:400, function(i) coxph(Surv(holes$time, holes$event) ~ sex + karno + heavy, complete(second, i)))
pooled2 <- summary(pool(fits2))

d <- sets$colon
ps <- fitted(glm(lev5fu ~ sex + age + extent + node4, binomial, d, control = glm.control(epsilon = 1e-14)))
t <- d$lev5fu; own <- ifelse(t == 1, ps, 1 - ps)
stabilized <- ifelse(t == 1, mean(t), 1 - mean(t)) / own
cut <- quantile(stabilized, c(0.01, 0.99)); truncated <- pmin(pmax(stabilized, cut[1]), cut[2])
smd <- function(w) sapply(d[c("sex", "age", "extent", "node4")], function(x) (weighted.mean(x[t == 1], w[t == 1]) - weighted.mean(x[t == 0], w[t == 0])) /
                            sqrt((var(x[t == 1]) + var(x[t == 0])) / 2))
robust <- coxph(Surv(time, event) ~ lev5fu, d, weights = truncated, robust = TRUE, control = coxph.control(eps = 1e-14))

set.seed(9)
b <- boot(sets$veteran$karno, function(x, i) c(mean(x[i]), log(var(x[i]))), 20000)

write_reference("resampling", list(made_with = made_with(c("mice", "boot", "survival")), rubin = rubin,
  holes = holes, chained = list(value = pooled$estimate, error = pooled$std.error),
  chained_donor = list(value = pooled2$estimate, error = pooled2$std.error),
  propensity = list(score = unname(ps), stabilized = unname(stabilized), truncated = unname(truncated), before = unname(smd(rep(1, nrow(d)))),
                    after = unname(smd(truncated)), coefficient = unname(coef(robust)), error = sqrt(robust$var[1, 1]),
                    naive = sqrt(robust$naive.var[1, 1])),
  boot = list(error = apply(b$t, 2, sd))))
