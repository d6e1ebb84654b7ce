# Mixed models for repeated measures. nlme::gls gives estimates, covariance and likelihood. Satterthwaite's degrees of
# freedom are not in nlme: they are taken here from numerical derivatives of the restricted likelihood (numDeriv), in the
# parameters of a Cholesky root, as package mmrm does; for compound symmetry from lmerTest.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
suppressMessages({library(nlme); library(numDeriv); library(lmerTest)})

set.seed(3)
ortho <- with(as.data.frame(Orthodont), data.frame(id = as.integer(factor(Subject)), visit = (age - 8) / 2 + 1,
              y = distance, male = as.numeric(Sex == "Male")))
holes <- ortho[-sample(nrow(ortho), 22), ]                  # the same with measurements missing
seq <- subset(pbcseq, id <= 120)
seq$visit <- findInterval(seq$day, c(0, 120, 270, 550, 1000))
seq <- seq[order(seq$id, seq$visit, seq$day), ]
seq <- seq[!duplicated(seq[c("id", "visit")]), ]
base <- seq[seq$visit == 1, c("id", "albumin")]; names(base)[2] <- "base"
seq <- merge(subset(seq, visit > 1), base)
albumin <- data.frame(id = seq$id, visit = seq$visit - 1, y = seq$albumin - seq$base, base = seq$base, trt = as.numeric(seq$trt == 1))

case <- function(d, x, structure) {
  d <- d[order(d$id, d$visit), ]
  d$v <- factor(d$visit)
  X <- model.matrix(as.formula(paste("~", x)), d)
  d$X <- X
  form <- switch(structure, unstructured = corSymm(form = ~ visit | id), autoregressive = corAR1(form = ~ visit | id),
                 "compound symmetry" = corCompSymm(form = ~ visit | id))
  weights <- if (structure == "unstructured") varIdent(form = ~ 1 | v)
  fit <- gls(y ~ X - 1, d, correlation = form, weights = weights, method = "REML",
             control = glsControl(tolerance = 1e-12, msTol = 1e-13, maxIter = 500, msMaxIter = 500, opt = "optim",
                                  optimMethod = "BFGS"))
  # from there on the restricted likelihood itself, polished, in parameters of our own
  nv <- nlevels(d$v); ids <- split(seq_len(nrow(d)), d$id)
  sigma <- function(t) switch(structure,
    unstructured = { L <- matrix(0, nv, nv); L[lower.tri(L, TRUE)] <- t; diag(L) <- exp(diag(L)); L %*% t(L) },
    autoregressive = exp(t[1]) * tanh(t[2])^abs(outer(1:nv, 1:nv, "-")),
    "compound symmetry" = exp(t[1]) * (diag(nv) * (1 - tanh(t[2])) + tanh(t[2])))
  parts <- function(t) {
    S <- sigma(t); A <- 0; b <- 0; l <- 0; q <- 0
    for (i in ids) { V <- S[d$visit[i], d$visit[i], drop = FALSE]; W <- solve(V); Xi <- X[i, , drop = FALSE]
      A <- A + t(Xi) %*% W %*% Xi; b <- b + t(Xi) %*% W %*% d$y[i]; l <- l + determinant(V)$modulus; q <- q + drop(d$y[i] %*% W %*% d$y[i]) }
    list(A = A, beta = solve(A, b), l = as.numeric(l), q = q, b = b)
  }
  minus2 <- function(t) { p <- parts(t); p$l + as.numeric(determinant(p$A)$modulus) + p$q - sum(p$b * p$beta) + (nrow(d) - ncol(X)) * log(2 * pi) }
  S0 <- getVarCov(fit, individual = names(which.max(table(d$id))))
  S0 <- matrix(S0, nrow(S0))
  t0 <- switch(structure, unstructured = { L <- t(chol(S0)); diag(L) <- log(diag(L)); L[lower.tri(L, TRUE)] },
               c(log(S0[1, 1]), atanh(S0[1, 2] / S0[1, 1])))
  for (k in 1:4) t0 <- t0 - drop(solve(hessian(minus2, t0), grad(minus2, t0)))
  H <- hessian(minus2, t0) / 2; p <- parts(t0); C <- solve(p$A)
  df <- function(L) { v <- function(t) drop(L %*% solve(parts(t)$A) %*% L); g <- grad(v, t0); 2 * v(t0)^2 / drop(g %*% solve(H, g)) }
  list(data = list(id = d$id, visit = d$visit, y = d$y), design = unname(X), structure = structure,
       gls = list(coefficients = unname(coef(fit)), std_error = unname(sqrt(diag(fit$varBeta)))),
       coefficients = drop(unname(p$beta)), variance = unname(C), covariance = sigma(t0), log_likelihood = -minus2(t0) / 2,
       df = apply(diag(ncol(X)), 1, df))
}
lmer_df <- local({ fit <- lmer(y ~ male * factor(visit) + (1 | id), holes)
  unname(summary(fit)$coefficients[, c("Estimate", "Std. Error", "df")]) })

write_reference("mixed_model", list(made_with = made_with(c("nlme", "numDeriv", "lmerTest")), cases = list(
  ortho = case(ortho, "male * v", "unstructured"), holes = case(holes, "male * v", "unstructured"),
  albumin = case(albumin, "base + trt * v", "unstructured"), holes_ar = case(holes, "male * v", "autoregressive"),
  albumin_cs = case(albumin, "base + trt + v", "compound symmetry"), holes_cs = case(holes, "male * v", "compound symmetry")),
  lmer_holes = lmer_df))
