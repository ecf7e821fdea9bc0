"""scikit-learn: the lasso of dense dictionaries by coordinate descent."""

import joblib
import numpy as np
import sklearn
from sklearn.decomposition import sparse_encode

from .shared import blas


def version() -> str:
    return f"scikit-learn {sklearn.__version__}, numpy {np.__version__} ({blas()})"


def lasso(arrays: dict, options: dict, threads: int):
    """`sparse_encode(algorithm="lasso_cd")` of all signals. Its objective is ½‖y − A x‖² + w ‖x‖₁, as ours."""
    signals, atoms = arrays["signals"].astype(np.float64), arrays["atoms"].astype(np.float64)
    dictionary = np.ascontiguousarray(atoms.T)

    def work():
        # Its coordinate descent runs without Python's lock: threads need no copies, as processes would.
        with joblib.parallel_config(backend="threading"):
            code = sparse_encode(
                signals,
                dictionary,
                algorithm="lasso_cd",
                alpha=float(options["weight"]),
                max_iter=int(options["iterations"]),
                n_jobs=threads,
                check_input=False,
            )
        return lambda: {"code": code}

    return work


WORKS = {"lasso": lasso}
