"""Runs the built program and scikit-learn from the same start and compares what they reach.

Usage: sklearn_agreement.py <partscope> <folder for files>

scikit-learn moves W first, then H; Partscope moves H first, then W. On the transposed table, with the factors exchanged, both do
the same thing in the same order.
"""

import json
import pathlib
import subprocess
import sys
import warnings

import numpy
from sklearn.decomposition import non_negative_factorization

rank, sweeps = 6, 50
problems = {"mu": ("mu", 1e-8), "hals": ("cd", 1e-6)}


def objective(V, W, H):
    return 0.5 * numpy.sum((V - W @ H) ** 2)


def theirs(solver, V, W, H):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it has not converged is what was asked for
        W, H, iterations = non_negative_factorization(
            V, W=W.copy(), H=H.copy(), init="custom", n_components=rank, solver=solver, tol=0, max_iter=sweeps,
            shuffle=False)
    assert iterations == sweeps, f"scikit-learn stopped after {iterations} iterations"
    return objective(V, W, H)


def ours(program, solver, folder):
    output = folder / f"out-{solver}"
    subprocess.run([program, "run", folder / "V.npy", "--transpose", "--rank", str(rank), "--solver", solver, "--init",
                    folder / "start.npz", "--tol", "0", "--max-iter", str(sweeps), "--quiet", "--output", output],
                   check=True)
    report = json.loads((output / "report.json").read_text())
    assert report["iterations"] == sweeps, report["iterations"]
    V = numpy.load(folder / "V.npy").T
    W, H = numpy.load(output / "W.npy"), numpy.load(output / "H.npy")
    assert abs(objective(V, W, H) / report["objective"] - 1) < 1e-9, "the report's objective is not that of W and H"
    return report["objective"]


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    random = numpy.random.default_rng(7)
    V = random.random((60, rank)) @ random.random((rank, 45)) + 0.3 * random.random((60, 45))
    W, H = random.random((60, rank)), random.random((rank, 45))
    numpy.save(folder / "V.npy", V)
    numpy.savez(folder / "start.npz", W=H.T, H=W.T)
    failures = 0
    for solver, (name, tolerance) in problems.items():
        wanted, found = theirs(name, V, W, H), ours(program, solver, folder)
        difference = abs(found / wanted - 1)
        # The proof that the comparison can fail: the start is far away.
        far = abs(objective(V, W, H) / wanted - 1) > 1
        good = difference < tolerance and far
        failures += not good
        print(f"{solver}: {found!r}, scikit-learn {wanted!r}, relative difference {difference:.1e}, "
              f"allowed {tolerance:.0e}: {'good' if good else 'FAILED'}")
    return 1 if failures else 0


sys.exit(main())
