# Logistic models; profile limits solved tightly (confint interpolates); Firth's model by its own score equation.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))

tight <- glm.control(epsilon = 1e-15, maxit = 100)
depth <- qchisq(0.95, 1)

profile_limits <- function(y, X, w, o, j, fit) {
  b <- coef(fit)[j]; s <- sqrt(diag(vcov(fit)))[j]
  f <- function(t) suppressWarnings(glm.fit(X[, -j, drop = FALSE], y, weights = w, offset = o + t * X[, j],
                     family = binomial(), control = tight))$deviance - deviance(fit) - depth
  c(uniroot(f, c(b - 8 * s, b), tol = 1e-14)$root, uniroot(f, c(b, b + 8 * s), tol = 1e-14)$root)
}

case <- function(set, y, x, weight = NULL, offset = NULL) {
  d <- sets[[set]]; d$y <- as.numeric(eval(parse(text = y), d)); X <- cbind(1, as.matrix(d[x]))
  w <- if (is.null(weight)) rep(1, nrow(d)) else d[[weight]]
  o <- if (is.null(offset)) rep(0, nrow(d)) else 0.02 * d[[offset]]
  fit <- suppressWarnings(glm(d$y ~ X - 1, family = binomial(), weights = w, offset = o, control = tight))
  null <- suppressWarnings(glm(d$y ~ 1, family = binomial(), weights = w, offset = o, control = tight))
  list(set = set, outcome = d$y, x = x, weight = weight, offset = offset, coefficients = unname(coef(fit)), variance = unname(vcov(fit)),
       p = unname(summary(fit)$coefficients[, 4]), deviance = deviance(fit), null_deviance = deviance(null),
       aic = deviance(fit) + 2 * ncol(X),
       profile = t(sapply(seq_along(c(1, x)), function(j) profile_limits(d$y, X, w, o, j, fit))))
}

firth_fit <- function(y, X, free = seq_len(ncol(X)), b = rep(0, ncol(X))) {
  for (i in 1:2000) {
    p <- plogis(drop(X %*% b)); W <- p * (1 - p); I <- crossprod(X * sqrt(W))
    h <- W * rowSums((X %*% solve(I)) * X)
    u <- crossprod(X, y - p + h * (0.5 - p))
    step <- solve(I[free, free], u[free]); step <- step * min(1, 2 / max(abs(step)))
    b[free] <- b[free] + step
    if (max(abs(step)) < 1e-14) break
  }
  list(b = b, var = solve(I), ll = sum(plogis(drop(X %*% b) * (2 * y - 1), log.p = TRUE)) + 0.5 * as.numeric(determinant(I)$modulus))
}
firth <- function(y, X) {
  X <- cbind(1, X); fit <- firth_fit(y, X); se <- sqrt(diag(fit$var))
  limits <- t(sapply(seq_len(ncol(X)), function(j) {
    f <- function(t) { b <- fit$b; b[j] <- t; 2 * (fit$ll - firth_fit(y, X, setdiff(seq_len(ncol(X)), j), b)$ll) - depth }
    c(uniroot(f, fit$b[j] - c(1.5, 0) * se[j], tol = 1e-13, extendInt = "downX")$root, uniroot(f, fit$b[j] + c(0, 1.5) * se[j], tol = 1e-13, extendInt = "upX")$root) }))
  list(outcome = y, x = X[, -1, drop = FALSE], coefficients = fit$b, variance = fit$var, log_likelihood = fit$ll, profile = limits)
}

separated <- list(y = c(0,0,0,0,1,1,1,1,0,1), X = cbind(c(1,2,3,4,5,6,7,8,4.5,4.6), c(0,1,0,1,0,1,0,1,1,0)))
write_reference("logistic", list(made_with = made_with("stats"),
  cases = list(case("lung", "event == 1 & time < 365", c("age", "sex", "ecog")), case("pbc", "event == 2", c("age", "bili", "albumin", "edema")),
               case("colon", "event", c("lev", "lev5fu", "node4", "extent")), case("veteran", "time > 100", c("trt", "karno", "prior"), offset = "age"),
               case("lung", "event", c("age", "sex"), weight = "weight")),
  firth = list(firth(separated$y, separated$X),
               with(sets$ovarian, firth(event, cbind(age, resid, rx))))))
