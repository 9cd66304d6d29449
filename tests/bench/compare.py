#!/usr/bin/env python3
"""Partscope beside scikit-learn on the same data, from the same start, in one run.

For each case scikit-learn iterates a fixed number of times; then the batch program runs until it has reached the same
objective. Printed are both times (solving only, median over the runs) and their ratio, above one where Partscope is faster.

    tests/bench/compare.py --program build/release/app/partscope [--cases digits,cbcl] [--iterations 200,1000]
    tests/bench/compare.py --program build/release/app/partscope --all > table.md     the table of core/CHOICES.md
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import typing
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
LOSSES = {"frobenius": "Frobenius", "kl": "Kullback-Leibler"}


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
    """Seconds until the objective was reached, and the solver that did it."""
    output = os.path.join(folder, "out")
    command = [program, "run", os.path.join(folder, "V.npz"), "--rank", str(rank), "--loss", loss, "--init",
               os.path.join(folder, "start.npz"), "--tol", "0", "--max-iter", "100000", "--time-limit", str(limit),
               "--threads", "2", "--precision", precision, "--quiet", "--output", output]
    if solver:
        command += ["--solver", solver]
    subprocess.run(command, check=True)
    with open(os.path.join(output, "report.json")) as file:
        used = json.load(file)["options"]["solver"]
    with open(os.path.join(output, "loss.csv"), newline="") as file:
        for row in csv.DictReader(file):
            if float(row["objective"]) <= target * (1 + 1e-9):
                return float(row["seconds"]), used
    return float("inf"), used


class Measured(typing.NamedTuple):
    shape: tuple
    solver: str  # Partscope's
    theirs: list  # seconds from each start
    ours: list

    @property
    def ratio(self):
        return statistics.median(t / o for t, o in zip(self.theirs, self.ours))


def measure(name, precision, iterations, arguments):
    make, rank, loss, solver, _ = CASES[name]
    number = np.float32 if precision == "single" else np.float64
    V = make().astype(number)
    theirs, ours = [], []
    with tempfile.TemporaryDirectory() as folder:
        if scipy.sparse.issparse(V):
            scipy.sparse.save_npz(os.path.join(folder, "V.npz"), V)
        else:
            np.savez(os.path.join(folder, "V.npz"), V=V)
        for seed in range(1, arguments.starts + 1):
            W, H = (factor.astype(number) for factor in start(V, rank, seed))
            np.savez(os.path.join(folder, "start.npz"), W=W, H=H)
            runs = [run_sklearn(V, W, H, loss, solver, iterations) for run in range(arguments.runs)]
            seconds, target = statistics.median(run[0] for run in runs), runs[0][1]
            # No sooner than at twice the time that would be good enough.
            limit = max(0.2, seconds * (2 / CASES[name][4] if arguments.quick else 1))
            time.sleep(0.3)  # until the threads of the other one have gone to sleep
            reached = [run_partscope(arguments.program, folder, rank, loss, arguments.solver, target, limit, precision)
                       for run in range(arguments.runs)]
            theirs.append(seconds)
            ours.append(statistics.median(run[0] for run in reached))
    return Measured(V.shape, reached[0][1], theirs, ours)


def compare(name, precision, iterations, arguments, file):
    """Measures, says so in a line, and gives what was measured."""
    solver, least = CASES[name][3:]
    measured = measure(name, precision, iterations, arguments)
    print(f"{name:14} {precision} {solver} × {iterations:<5} {statistics.median(measured.theirs):9.3f} s   partscope "
          f"{measured.solver} {statistics.median(measured.ours):8.4f} s   ratio {measured.ratio:7.1f}   (at least "
          f"{least})", file=file, flush=True)
    return measured


def table(names, arguments):
    """A Markdown table of all cases: a row for each precision of each, a ratio for each number of iterations."""
    head = ["data", "rank", "loss", "precision", "scikit-learn", "Partscope"]
    for iterations in arguments.iterations:
        head += [f"{iterations} iterations, s", "until there, s", "ratio"]
    lines, good = [head, ["---"] * len(head)], True
    for name in names:
        _, rank, loss, solver, least = CASES[name]
        for precision in ("double", "single"):
            # How far it has come is told on the other channel: the table may go straight into a file.
            all_measured = [compare(name, precision, iterations, arguments, sys.stderr)
                            for iterations in arguments.iterations]
            rows, columns = all_measured[0].shape
            line = [f"{name} {rows} × {columns}", str(rank), LOSSES[loss], precision, f"`{solver}`",
                    f"`{all_measured[0].solver}`"]
            for measured in all_measured:
                line += [f"{statistics.median(measured.theirs):.3g}", f"{statistics.median(measured.ours):.3g}",
                         f"{measured.ratio:.3g}"]
            lines.append(line)
            good = good and all_measured[0].ratio >= least
    for line in lines:
        print("| " + " | ".join(line) + " |")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument("--iterations", type=lambda text: [int(part) for part in text.split(",")],
                        help="of scikit-learn (200; 200,1000 with --all)")
    parser.add_argument("--starts", default=3, type=int)
    parser.add_argument("--runs", default=3, type=int, help="of each side from each start; the median counts")
    parser.add_argument("--solver", default="", help="instead of the program's own choice")
    parser.add_argument("--precision", default="double", choices=["double", "single"], help="of both")
    parser.add_argument("--all", action="store_true", help="both precisions, as a Markdown table")
    parser.add_argument("--quick", action="store_true", help="give up at half of the ratio that is wanted")
    arguments = parser.parse_args()
    arguments.iterations = arguments.iterations or ([200, 1000] if arguments.all else [200])
    names = arguments.cases.split(",")
    if arguments.all:
        good = table(names, arguments)
    else:
        good = all([compare(name, arguments.precision, iterations, arguments, sys.stdout).ratio >= CASES[name][4]
                    for name in names for iterations in arguments.iterations])
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
