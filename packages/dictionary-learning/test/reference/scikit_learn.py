"""Writes scikit-learn.json: what scikit-learn learns from planted data. Run: python scikit_learn.py (scikit-learn 1.9.1, numpy 2.4.6).

The codes are those of LARS, which are exact; batches are in order, and start from the same atoms.
"""
import json
import numpy as np
from sklearn.decomposition import DictionaryLearning, MiniBatchDictionaryLearning

generator = np.random.default_rng(0)
examples, features, atoms, alpha, batch = 60, 8, 10, 0.2, 16
planted = generator.normal(size=(atoms, features))
planted /= np.linalg.norm(planted, axis=1, keepdims=True)
codes = generator.normal(size=(examples, atoms)) * (generator.random((examples, atoms)) < 0.25)
# As float32 holds them, so that both sides have the same numbers.
X = (codes @ planted + 0.05 * generator.normal(size=(examples, features))).astype(np.float32).astype(float)
start = generator.normal(size=(atoms, features))
start /= np.linalg.norm(start, axis=1, keepdims=True)

online = MiniBatchDictionaryLearning(
    n_components=atoms, alpha=alpha, max_iter=10, batch_size=batch, shuffle=False, dict_init=start.copy(),
    fit_algorithm="lars", tol=0, max_no_improvement=None,
).fit(X)
alternating = DictionaryLearning(
    n_components=atoms, alpha=alpha, max_iter=10, tol=0, dict_init=start.copy(), code_init=np.zeros((examples, atoms)),
    fit_algorithm="lars",
).fit(X)

out = {
    "weight": alpha,
    "batchSize": batch,
    "epochs": 10,
    "shape": [examples, features],
    "data": X.ravel().tolist(),
    "initial": start.T.ravel().tolist(),
    "online": online.components_.T.ravel().tolist(),
    "alternating": alternating.components_.T.ravel().tolist(),
    # Of the batch method: sums over examples after each update of the atoms, the codes being those before it.
    "errors": alternating.error_,
}
json.dump(out, open("scikit-learn.json", "w"))
