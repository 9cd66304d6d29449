#!/usr/bin/env python3
"""How fast files are opened, beside pandas, SciPy and NumPy in the same run.

    tests/bench/compare_loading.py --program build/release/tests/bench_loading [--cases csv,npy,mnist,pgm,mtx,mtx-mixed]

Files are made anew in a temporary folder (a gigabyte and a half in all); each is opened three times, the best counts.
"""

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import numpy as np
import pandas
import scipy.io

DATA = os.environ.get("PARTSCOPE_TEST_DATA", os.path.join(os.path.dirname(__file__), "../../../shared/data"))
TRIES = 3


def best(action):
    times = []
    for _ in range(TRIES):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def make_csv(folder):
    """200 MB of numbers of six digits with a header and names of rows, as exported tables are."""
    path = os.path.join(folder, "table.csv")
    random = np.random.default_rng(1)
    columns = 200
    with open(path, "w") as file:
        file.write("gene," + ",".join(f"sample{j}" for j in range(columns)) + "\n")
        row = 0
        while file.tell() < 200e6:
            block = random.gamma(2.0, 50.0, (1000, columns))
            file.writelines(f"g{row + i}," + ",".join("%.4f" % x for x in line) + "\n" for i, line in enumerate(block))
            row += len(block)
    return path


def make_npy(folder):
    path = os.path.join(folder, "large.npy")
    array = np.lib.format.open_memmap(path, mode="w+", dtype="<f8", shape=(10000, 12500), fortran_order=True)
    array[:] = 1.0
    array.flush()
    return path


def make_mnist(folder):
    path = os.path.join(folder, "t10k-images-idx3-ubyte")
    with gzip.open(os.path.join(DATA, "digits/mnist/t10k-images-idx3-ubyte.gz")) as packed, open(path, "wb") as file:
        shutil.copyfileobj(packed, file)
    return path


def make_mtx(folder, mixed=False):
    """10 million counts of a sparse table, by columns as most programs write them, or in any order."""
    path = os.path.join(folder, "counts.mtx")
    random = np.random.default_rng(2)
    rows, columns, entries = 30000, 20000, 10_000_000
    table = np.column_stack([random.integers(1, rows + 1, entries), random.integers(1, columns + 1, entries),
                             random.integers(1, 100, entries)])
    if not mixed:
        table = table[np.lexsort((table[:, 0], table[:, 1]))]
    frame = pandas.DataFrame(table)
    with open(path, "w") as file:
        file.write(f"%%MatrixMarket matrix coordinate integer general\n{rows} {columns} {entries}\n")
        frame.to_csv(file, sep=" ", header=False, index=False)
    return path


# name: what it is, how the file is made, what others need for it, what is wanted of us: a ratio, or seconds
CASES = {
    "csv": ("a table of 200 MB, beside pandas.read_csv", make_csv, pandas.read_csv, "5 x"),
    "npy": ("an NPY file of 1 GB", make_npy, None, "0.2 s"),
    "mnist": ("MNIST's 10 000 test digits", make_mnist, None, "0.1 s"),
    "pgm": ("a folder of 2429 PGM files", lambda folder: os.path.join(DATA, "faces/cbcl/pgm"), None, "0.5 s"),
    "mtx": ("a Matrix Market file of 10 million entries, beside scipy.io.mmread", make_mtx, scipy.io.mmread, "20 x"),
    "mtx-mixed": ("the same in no order", lambda folder: make_mtx(folder, True), scipy.io.mmread, "20 x"),
}


def ours(program, path):
    text = subprocess.run([program, "--benchmark_format=json", path], check=True, capture_output=True, text=True).stdout
    times = [run["real_time"] / 1000 for run in json.loads(text)["benchmarks"] if run["run_type"] == "iteration"]
    return min(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--cases", default=",".join(CASES))
    arguments = parser.parse_args()
    for name in arguments.cases.split(","):
        what, make, other, wanted = CASES[name]
        with tempfile.TemporaryDirectory() as folder:
            path = make(folder)
            seconds = ours(arguments.program, path)
            line = f"{what}: {seconds:.3f} s"
            if other:
                theirs = best(lambda: other(path))
                line += f" ({theirs:.2f} s: {theirs / seconds:.1f} x as fast)"
            print(line + f"; wanted {wanted}")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
