# The data of all scripts of this folder, so that the tests need no R.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "common.R"))
write_reference("data", list(made_with = made_with(), sets = sets))
