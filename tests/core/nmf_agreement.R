# Runs R's package NMF on V.csv from the start in W.csv and H.csv, for exactly so many iterations, and writes what it reaches to
# W-<method>.csv and H-<method>.csv, and the versions of both to versions.txt.
# Usage: nmf_agreement.R <folder> <iterations> <method>...
# Ends with status 3 where the package is not installed.

arguments <- commandArgs(trailingOnly = TRUE)
if (!suppressWarnings(suppressPackageStartupMessages(require(NMF, quietly = TRUE)))) quit(status = 3)

folder <- arguments[1]
iterations <- as.integer(arguments[2])
table <- function(name) unname(as.matrix(read.csv(file.path(folder, name), header = FALSE)))
keep <- function(values, name)
    write.table(formatC(values, digits = 17, format = "g"), file.path(folder, name), sep = ",", quote = FALSE,
                row.names = FALSE, col.names = FALSE)

writeLines(paste0("R ", getRversion(), ", NMF ", packageVersion("NMF")), file.path(folder, "versions.txt"))
V <- table("V.csv")
for (method in arguments[-(1:2)]) {
    start <- nmfModel(W = table("W.csv"), H = table("H.csv"))
    # None of its own rules ends the run.
    options <- list(V, ncol(basis(start)), method, seed = start, maxIter = iterations,
                    .stop = function(strategy, i, y, x, ...) FALSE)
    # It would divide the columns of W by their sums, and leave H as it is.
    if (method == "lee") options$rescale <- FALSE
    result <- do.call(nmf, options)
    stopifnot(niter(result) == iterations)
    keep(basis(result), paste0("W-", method, ".csv"))
    keep(coef(result), paste0("H-", method, ".csv"))
}
