# Ridge and lasso of Cox and logistic models at a given penalty (glmnet; ties by Breslow). glmnet's penalty is per
# row and on covariates of unit variance: ours, over all rows, is its lambda times the number of rows. glmnet takes
# who is censored on the day of an event as gone before it, coxph and we as still at risk: censorings move past the day.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
suppressMessages(library(glmnet))

columns <- list(lung = c("age", "sex", "ecog"), veteran = c("trt", "karno", "age", "prior"))
fit <- function(x, y, family, alpha, strength)
  as.numeric(coef(glmnet(x, y, family = family, alpha = alpha, lambda = strength / nrow(x), thresh = 1e-18, maxit = 1e7)))
cases <- do.call(c, lapply(names(columns), function(name) {
  d <- sets[[name]]; x <- as.matrix(d[columns[[name]]])
  do.call(c, lapply(c(4, 16), function(strength) lapply(c("ridge", "lasso"), function(penalty) {
    alpha <- if (penalty == "lasso") 1 else 0
    list(set = name, columns = columns[[name]], penalty = penalty, strength = strength,
         cox = fit(x, Surv(d$time + (1 - d$event) / 4, d$event), "cox", alpha, strength),
         logistic = fit(x, d$event, "binomial", alpha, strength))
  })))
}))

write_reference("penalized", list(made_with = made_with(c("survival", "glmnet")), cases = cases))
