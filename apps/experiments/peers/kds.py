"""scikit-learn's clusterings of the same examples, one thread: python kds.py EXAMPLES.npy CLASSES SEED OUT.json"""
import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.cluster import KMeans, SpectralClustering

warnings.filterwarnings("ignore")
path, classes, seed, out = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
examples = np.load(path)


def measured(name, method):
    start = time.process_time()
    labels = method.fit_predict(examples)
    return {
        "name": f"scikit-learn {sklearn.__version__} {name}",
        "seconds": time.process_time() - start,
        "labels": labels.tolist(),
    }


found = [
    measured(
        f"SpectralClustering, {neighbours} neighbours",
        SpectralClustering(
            classes, affinity="nearest_neighbors", n_neighbors=neighbours, random_state=seed, n_jobs=1
        ),
    )
    for neighbours in (10, 100)
]
found.append(measured("KMeans, 20 starts", KMeans(classes, n_init=20, random_state=seed)))
Path(out).write_text(json.dumps(found))
