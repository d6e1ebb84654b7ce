# What the scripts of this folder share. Each script writes a JSON file of its own name beside itself:
#     Rscript tests/reference/kaplan_meier.R
# They need Debian's r-base-core and r-cran- survival, jsonlite, cmprsk, nlme, numderiv, lmertest, mice, boot, glmnet, pec
# and riskregression.
# Data: public data sets that ship with R's survival package (or with the package a script names), and small drawn ones.
# They are written once, by data.R; the other files name the set and hold what R computes from it.

suppressMessages({library(survival); library(jsonlite)})

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))

made_with <- function(packages = "survival")
  c(R = R.version.string, sapply(packages, function(p) as.character(packageVersion(p))))

write_reference <- function(name, out)
  write_json(out, file.path(here, paste0(name, ".json")), digits = NA, auto_unbox = TRUE, na = "null",
             dataframe = "columns", matrix = "rowmajor", null = "null")

take <- function(data, ...) {                               # complete rows of named expressions
  made <- eval(substitute(data.frame(...)), data)
  made[complete.cases(made), , drop = FALSE]
}

freireich <- data.frame(                                     # the leukemia trial, both arms (published table)
  time  = c(6,6,6,6,7,9,10,10,11,13,16,17,19,20,22,23,25,32,32,34,35, 1,1,2,2,3,4,4,5,5,8,8,8,8,11,11,12,12,15,17,22,23),
  event = c(1,1,1,0,1,0,1,0,0,1,1,0,0,0,1,1,0,0,0,0,0, rep(1, 21)),
  placebo = rep(0:1, each = 21))

sets <- list(
  freireich = freireich,
  flat      = data.frame(time = 1:8, event = c(1,1,1,1,0,1,1,0)),                # flat at one half, then falls
  open      = data.frame(time = 1:4, event = c(1,1,0,0)),                        # flat at one half until the end
  lung      = take(lung, time = time, event = status - 1, age = age, sex = sex, ecog = ph.ecog, karno = ph.karno,
                   inst = inst, weight = 0.5 + (age %% 7) / 4),
  veteran   = take(veteran, time = time, event = status, trt = trt - 1, karno = karno, age = age,
                   cell = as.integer(celltype), prior = prior / 10),
  ovarian   = take(ovarian, time = futime, event = fustat, age = age, resid = resid.ds - 1, rx = rx - 1,
                   ecog = ecog.ps - 1),
  heart     = take(heart, entry = start, time = stop, event = event, age = age, year = year, surgery = surgery,
                   transplant = as.integer(transplant) - 1, id = id),
  # left truncation: the time scale is age, and nobody is seen before the age at diagnosis
  mgus_age  = local({d <- subset(mgus2, !is.na(hgb) & !is.na(creat))[1:300, ]
                     take(d, entry = age, time = round(age + pmax(futime, 1) / 12, 2), event = death,
                          male = as.integer(sex == "M"), hgb = hgb, creat = creat)}),
  colon     = take(subset(colon, etype == 1)[1:400, ], time = time, event = status, sex = sex, age = age,
                   lev = as.integer(rx == "Lev"), lev5fu = as.integer(rx == "Lev+5FU"), extent = extent, node4 = node4),
  kidney    = take(kidney, time = time, event = status, age = age, sex = sex - 1, id = id, frail = frail),
  bladder   = take(bladder2, entry = start, time = stop, event = event, rx = rx - 1, number = number, size = size,
                   enum = enum, id = id),
  cgd       = take(cgd, entry = tstart, time = tstop, event = status, treat = as.integer(treat == "rIFN-g"), age = age,
                   steroids = steroids, center = as.integer(center), id = id),
  mgus      = take(subset(mgus2, !is.na(hgb) & !is.na(mspike))[1:400, ],          # competing: progression, death
                   time = ifelse(pstat == 1, ptime, futime), event = ifelse(pstat == 1, 1, 2 * death),
                   age = age, male = as.integer(sex == "M"), hgb = hgb, mspike = mspike),
  mgus_entry = take(mgus2[1:300, ], entry = age, time = round(age + pmax(ifelse(pstat == 1, ptime, futime), 1) / 12, 1) + 0.04,
                   event = ifelse(pstat == 1, 1, 2 * death)),
  tiny      = data.frame(time = c(1,1,2,2,3,3,3,4,5,5,6,7,7,8,9,9), event = c(1,2,1,0,2,2,1,1,0,1,2,1,1,0,2,1),
                         group = rep(0:1, 8)),
  pbc       = take(pbc, time = time, event = c(0, 1, 2)[status + 1],              # competing: transplant, death
                   age = age, edema = edema, bili = log(bili), albumin = albumin, protime = log(protime),
                   trt = ifelse(is.na(trt), 0, trt), stage = ifelse(is.na(stage), 3, stage), female = as.integer(sex == "f")))
sets <- lapply(sets, function(d) as.data.frame(lapply(d, as.numeric)))
