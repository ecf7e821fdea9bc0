"""SPORCO: ADMM in the frequency domain, as its documentation shows it."""

import numpy as np
import sporco
import sporco.fft
from sporco.admm import cbpdn
from sporco.dictlrn import cbpdndl

from .shared import objective, dictionary_error


def version() -> str:
    import pyfftw

    return f"SPORCO {sporco.__version__}, pyFFTW {pyfftw.__version__}, {sporco.fft.pyfftw_threads} threads"


def sparse_code(arrays: dict, options: dict, threads: int):
    """ConvBPDN with x ≥ 0, for as many iterations as it takes to come within `within` of the objective `target`.

    How many that is, is found out once and not timed. Its convolutions are circular: K − 1 zeros behind the signal keep its
    end from its start.
    """
    signal, filters = arrays["y"].astype(np.float32), arrays["filters"].astype(np.float32)
    weight, most = float(options["weight"]), int(options["mostIterations"])
    length, channels, atoms = filters.shape
    positions = signal.shape[0] - length + 1
    padded = np.concatenate([signal, np.zeros((length - 1, channels), np.float32)])
    enough = options["target"] * (1 + options["within"])
    dictionary = filters[:, 0, :] if channels == 1 else filters
    padded = padded[:, 0] if channels == 1 else padded

    def solve(iterations: int, callback=None):
        solver_options = cbpdn.ConvBPDN.Options(
            {
                "Verbose": False,
                "MaxMainIter": iterations,
                "RelStopTol": 0.0,
                "NonNegCoef": True,
                "DataType": np.float32,
                # With its own choice of ρ, and its adaptation, it does not come near the minimum of such problems in 500
                # iterations; with ρ = 1, the best of 0.1, 1, 10 and 50, it takes some 30.
                "rho": 1.0,
                "AutoRho": {"Enabled": False},
                "Callback": callback,
                "FastSolve": callback is None,
            }
        )
        solver = cbpdn.ConvBPDN(dictionary, padded, weight, solver_options, dimK=0, dimN=1)
        solver.solve()
        return solver

    def code_of(solver) -> np.ndarray:
        return np.squeeze(solver.Y).reshape(-1, atoms)[:positions]

    def close_enough(solver) -> bool:
        return objective(signal, code_of(solver), filters, weight) <= enough

    sporco.fft.pyfftw_threads = threads
    iterations = min(most, solve(most, close_enough).k)

    def work():
        sporco.fft.pyfftw_threads = threads
        solver = solve(iterations)
        return lambda: {"code": code_of(solver), "iterations": iterations}

    return work


def learn(arrays: dict, options: dict, threads: int):
    """ConvBPDNDictLearn from the same start, until the dictionary error is at most `error`, or for `most` iterations.

    With its default update of the dictionary, a proximal gradient step of a fixed length, it leaves the truth behind; with
    consensus ADMM it finds it.
    """
    sporco.fft.pyfftw_threads = threads
    windows, start, truth = (arrays[name].astype(np.float32) for name in ("windows", "start", "truth"))
    length, _, atoms = start.shape
    padded = np.pad(windows[:, :, 0], ((0, 0), (0, length - 1))).T

    def work():
        sporco.fft.pyfftw_threads = threads

        def close_enough(learner) -> bool:
            return dictionary_error(truth[:, 0], np.squeeze(learner.getdict())) <= options["error"]

        learner_options = cbpdndl.ConvBPDNDictLearn.Options(
            {
                "Verbose": False,
                "MaxMainIter": int(options["most"]),
                "CBPDN": {"NonNegCoef": True, "rho": 1.0, "AutoRho": {"Enabled": False}},
                "CCMOD": {"rho": 10.0},
                "Callback": close_enough,
            },
            dmethod="cns",
        )
        learner = cbpdndl.ConvBPDNDictLearn(
            start[:, 0], padded, float(options["weight"]), learner_options, dmethod="cns", dimK=1, dimN=1
        )
        learner.solve()
        filters = np.squeeze(learner.getdict())[:, None, :]
        return lambda: {"filters": filters, "steps": learner.j}

    return work


WORKS = {"sparse-code": sparse_code, "learn": learn}
