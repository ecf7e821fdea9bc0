"""What the peers share: names of builds, and the objective by which a peer is told when to stop."""

import numpy as np
from scipy.optimize import linear_sum_assignment
from threadpoolctl import threadpool_info


def blas() -> str:
    """The BLAS of numpy and the kernel that it chose: the same numpy is five times slower with the wrong one."""
    for library in threadpool_info():
        if library["user_api"] == "blas":
            kernel = library.get("architecture") or "kernel not told"
            return f"{library['internal_api']} {library['version']} {kernel}, {library['num_threads']} threads"
    return "no BLAS found"


def synthesis(code: np.ndarray, filters: np.ndarray) -> np.ndarray:
    """The full convolution of a code `[positions, atoms]` with filters `[time, channels, atoms]`, where the code is not zero."""
    length, channels, _ = filters.shape
    signal = np.zeros((code.shape[0] + length - 1, channels))
    for atom in range(code.shape[1]):
        places = np.flatnonzero(code[:, atom])
        values = code[places, atom].astype(np.float64)
        for sample in range(length):
            # Places are distinct, so that no sum is lost.
            signal[places + sample] += values[:, None] * filters[sample, :, atom]
    return signal


def objective(signal: np.ndarray, code: np.ndarray, filters: np.ndarray, weight: float) -> float:
    """½‖y − H x‖² + w ‖x‖₁ in float64."""
    residual = signal - synthesis(code, filters)
    return 0.5 * float(np.vdot(residual, residual)) + weight * float(np.abs(code).sum(dtype=np.float64))


def dictionary_error(truth: np.ndarray, learned: np.ndarray) -> float:
    """The mean over true atoms of √(1 − c²), c the largest cross-correlation with the atom that it is matched with."""
    unit = [atoms / np.maximum(np.linalg.norm(atoms, axis=0), 1e-12) for atoms in (truth, learned)]
    agreement = np.array([[np.abs(np.correlate(a, b, "full")).max() for b in unit[1].T] for a in unit[0].T])
    errors = np.sqrt(np.maximum(0, 1 - agreement**2))
    return float(errors[linear_sum_assignment(errors)].mean())
