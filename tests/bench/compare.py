#!/usr/bin/env python3
"""Partscope beside scikit-learn on the same data, from the same start, in one run.

For each case scikit-learn iterates a fixed number of times; then the batch program runs until it has reached the same
objective. Printed are both times (solving only, median over the runs) and their ratio, above one where Partscope is faster.

    tests/bench/compare.py --program build/release/app/partscope [--cases digits,cbcl] [--iterations 200,1000]
"""

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "2")

import numpy as np
import scipy.sparse
from sklearn.decomposition import non_negative_factorization
from sklearn.exceptions import ConvergenceWarning

warnings.simplefilter("ignore", ConvergenceWarning)

DATA = os.environ.get("PARTSCOPE_TEST_DATA", os.path.join(os.path.dirname(__file__), "../../../shared/data"))


def low_rank(rows, columns, rank):
    """Exact rank plus noise of a tenth of the size, non-negative; the same every time."""
    random = np.random.default_rng(7)
    V = random.random((rows, rank)) @ random.random((rank, columns))
    return V + 0.1 * V.mean() * random.random((rows, columns))


def counts(rows, columns, density, rank):
    """Sparse counts from a topic model; the same every time."""
    random = np.random.default_rng(7)
    entries = int(rows * columns * density)
    topics = random.integers(0, rank, entries)
    row = (random.beta(0.4, 1.6, entries) * rows + topics * rows / rank).astype(np.int64) % rows
    column = (random.beta(0.6, 1.4, entries) * columns + topics * columns / rank).astype(np.int64) % columns
    V = scipy.sparse.coo_matrix((np.ones(entries), (row, column)), (rows, columns)).tocsc()
    V.sum_duplicates()
    return V


def from_data(name):
    return lambda: np.load(os.path.join(DATA, name)).astype(np.float64)


#         name            data                                                       rank  loss         scikit-learn's solver, at least
CASES = {
    "digits": (from_data("digits/sklearn/digits_64x1797_uint8.npy"), 16, "frobenius", "cd", 20),
    "dense-2000": (lambda: low_rank(2000, 2000, 20), 20, "frobenius", "cd", 10),
    "cbcl": (from_data("faces/cbcl/cbcl_361x2429_float64.npy"), 49, "frobenius", "cd", 30),
    "dense-10000": (lambda: low_rank(10000, 4000, 40), 40, "frobenius", "cd", 12),
    "sparse": (lambda: counts(20000, 10000, 0.005, 20), 20, "frobenius", "cd", 12),
    "bbc": (lambda: scipy.sparse.load_npz(os.path.join(DATA, "text/bbc/bbc_9635x2225_csc.npz")).astype(np.float64), 20,
            "frobenius", "cd", 12),
    "digits-kl": (from_data("digits/sklearn/digits_64x1797_uint8.npy"), 16, "kl", "mu", 20),
    "dense-2000-kl": (lambda: low_rank(2000, 2000, 20), 20, "kl", "mu", 15),
    "cbcl-kl": (from_data("faces/cbcl/cbcl_361x2429_float64.npy"), 49, "kl", "mu", 20),
    "sparse-kl": (lambda: counts(20000, 10000, 0.005, 20), 20, "kl", "mu", 50),
}


def start(V, rank, seed):
    random = np.random.default_rng(seed)
    scale = np.sqrt(V.mean() / rank)
    return scale * np.abs(random.standard_normal((V.shape[0], rank))), scale * np.abs(
        random.standard_normal((rank, V.shape[1])))


def objective(V, W, H, loss):
    """What both minimise, formed a strip of columns at a time."""
    total = 0.0
    for first in range(0, V.shape[1], 256):
        part = V[:, first:first + 256]
        part = (part.toarray() if scipy.sparse.issparse(part) else part).astype(np.float64)
        X = W.astype(np.float64) @ H[:, first:first + 256]
        if loss == "frobenius":
            total += 0.5 * np.sum((part - X)**2)
        else:
            there = part > 0
            total += np.sum(part[there] * np.log(part[there] / X[there])) - part.sum() + X.sum()
    return total


def run_sklearn(V, W, H, loss, solver, iterations):
    X = V.T.tocsr() if scipy.sparse.issparse(V) else np.ascontiguousarray(V.T)
    begin = time.perf_counter()
    code, basis, _ = non_negative_factorization(
        X, W=H.T.copy(), H=W.T.copy(), n_components=W.shape[1], init="custom", solver=solver, tol=0, max_iter=iterations,
        beta_loss="frobenius" if loss == "frobenius" else "kullback-leibler")
    seconds = time.perf_counter() - begin
    return seconds, objective(V, basis.T, code.T, loss)


def run_partscope(program, folder, rank, loss, solver, target, limit, precision):
    command = [program, "run", os.path.join(folder, "V.npz"), "--rank", str(rank), "--loss", loss, "--init",
               os.path.join(folder, "start.npz"), "--tol", "0", "--max-iter", "100000", "--time-limit", str(limit),
               "--threads", "2", "--precision", precision, "--quiet", "--output", os.path.join(folder, "out")]
    if solver:
        command += ["--solver", solver]
    subprocess.run(command, check=True)
    with open(os.path.join(folder, "out", "loss.csv"), newline="") as file:
        for row in csv.DictReader(file):
            if float(row["objective"]) <= target * (1 + 1e-9):
                return float(row["seconds"])
    return float("inf")


def compare(name, arguments):
    make, rank, loss, solver, least = CASES[name]
    number = np.float32 if arguments.precision == "single" else np.float64
    V = make().astype(number)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        if scipy.sparse.issparse(V):
            scipy.sparse.save_npz(os.path.join(folder, "V.npz"), V)
        else:
            np.savez(os.path.join(folder, "V.npz"), V=V)
        for iterations in arguments.iterations:
            theirs, ours = [], []
            for seed in range(1, arguments.starts + 1):
                W, H = (factor.astype(number) for factor in start(V, rank, seed))
                np.savez(os.path.join(folder, "start.npz"), W=W, H=H)
                runs = [run_sklearn(V, W, H, loss, solver, iterations) for run in range(arguments.runs)]
                seconds, target = statistics.median(run[0] for run in runs), runs[0][1]
                limit = max(0.2, seconds / (2 if arguments.quick else 1))
                time.sleep(0.3)  # until the threads of the other one have gone to sleep
                reached = [run_partscope(arguments.program, folder, rank, loss, arguments.solver, target, limit,
                                         arguments.precision) for run in range(arguments.runs)]
                theirs.append(seconds)
                ours.append(statistics.median(reached))
            ratio = statistics.median(t / o for t, o in zip(theirs, ours))
            print(f"{name:14} {solver} × {iterations:<5} {statistics.median(theirs):9.3f} s   partscope "
                  f"{statistics.median(ours):8.4f} s   ratio {ratio:7.1f}   (at least {least})", flush=True)
            rows.append(ratio >= least)
    return all(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument("--iterations", default="200", type=lambda text: [int(part) for part in text.split(",")])
    parser.add_argument("--starts", default=3, type=int)
    parser.add_argument("--runs", default=3, type=int, help="of each side from each start; the median counts")
    parser.add_argument("--solver", default="", help="instead of the program's own choice")
    parser.add_argument("--precision", default="double", choices=["double", "single"], help="of both")
    parser.add_argument("--quick", action="store_true", help="give up after half of scikit-learn's time")
    arguments = parser.parse_args()
    good = [compare(name, arguments) for name in arguments.cases.split(",")]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
