"""alphacsc: locally greedy coordinate descent."""

import alphacsc
import numba
import numpy as np
from alphacsc.update_z_multi import update_z_multi

from .shared import blas


def version() -> str:
    return f"alphacsc {alphacsc.__version__}, numpy {np.__version__} ({blas()}), numba {numba.__version__}"


def sparse_code(arrays: dict, options: dict, threads: int):
    """`update_z_multi(solver="lgcd")` with x ≥ 0, until no coordinate would move by more than `tolerance`·w.

    alphacsc works on several trials at once, but on one trial with one thread.
    """
    signal, filters = arrays["y"].astype(np.float64), arrays["filters"].astype(np.float64)
    weight = float(options["weight"])
    length, _, atoms = filters.shape
    dictionary = np.ascontiguousarray(filters.transpose(2, 1, 0))
    trial = np.ascontiguousarray(signal.T)[None]
    # Its own tolerance is in units of the signal's deviation.
    tolerance = options["tolerance"] * weight / float(np.std(trial))

    def solve(signals: np.ndarray) -> np.ndarray:
        code, _, _ = update_z_multi(
            signals, dictionary, weight, solver="lgcd", solver_kwargs={"tol": tolerance}, n_jobs=1
        )
        return code

    # Compiles what numba compiles.
    solve(trial[:, :, : 20 * length])

    def work():
        code = solve(trial)
        return lambda: {"code": code[0].T}

    return work


WORKS = {"sparse-code": sparse_code}
THREADS = 1
