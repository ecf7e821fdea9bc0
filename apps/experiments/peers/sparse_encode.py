"""scikit-learn's sparse_encode, timed on one thread: python sparse_encode.py FOLDER ALPHA RMSE OUT.json"""
import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from sklearn.decomposition import sparse_encode

warnings.filterwarnings("ignore")
folder, alpha, wanted, out = Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
signals, targets, atoms = (np.load(folder / f"{name}.npy").astype(np.float64) for name in ("signals", "targets", "atoms"))
dictionary = np.ascontiguousarray(atoms.T)
gram = dictionary @ dictionary.T


def measured(name, **options):
    start = time.process_time()
    codes = sparse_encode(signals, dictionary, gram=gram, alpha=alpha, check_input=False, n_jobs=1, **options)
    seconds = time.process_time() - start
    return {"name": name, "rmse": float(np.sqrt(np.mean((codes - targets) ** 2))), "seconds": seconds}


found = []
# Coordinate descent, stopped as soon as it is as good as the network, and run to its end.
for sweeps in (1, 2, 3, 5, 8, 12, 20, 50):
    run = measured(f"scikit-learn lasso_cd, {sweeps} sweeps: the first as good", algorithm="lasso_cd", max_iter=sweeps)
    if run["rmse"] <= wanted or sweeps == 50:
        found.append(run)
        break
found.append(measured("scikit-learn lasso_cd, converged", algorithm="lasso_cd", max_iter=1000))
found.append(measured("scikit-learn lasso_lars", algorithm="lasso_lars", max_iter=1000))
found.append(measured("scikit-learn threshold", algorithm="threshold"))
Path(out).write_text(json.dumps(found))
