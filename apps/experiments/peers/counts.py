"""Rates of spike counts by a smoothed histogram and by a GLM: python counts.py COUNTS.npy POISSON|BINS FOLDS OUT.json

COUNTS is `[groups, trials, bins]`. BINS, a whole number, says that a count is out of so many (binomial); POISSON that it is out of none.
Trial t is held out in fold t mod FOLDS. For every fold and group: means per trial and bin `[fold][group][bin]`, learned from the other
trials alone, with widths, knots and penalties by cross-validation among them.
"""

import json
import sys
import warnings

import numpy as np
import sklearn
from scipy.ndimage import gaussian_filter1d
from scipy.special import expit, xlogy
from sklearn.linear_model import LogisticRegression, PoissonRegressor
from sklearn.preprocessing import SplineTransformer

warnings.filterwarnings("ignore")
path, family, folds, out = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
counts = np.load(path).astype(float)
out_of = None if family == "POISSON" else int(family)
groups, trials, bins = counts.shape
inner = 4


def log_likelihood(y, mean):
    """Of trials `[trials, bins]`, but for what does not depend on the mean."""
    if out_of is None:
        return np.sum(xlogy(y, mean) - mean)
    return np.sum(xlogy(y, mean / out_of) + xlogy(out_of - y, 1 - mean / out_of))


def smoothed(y, width):
    mean = gaussian_filter1d(y.mean(axis=0), width, mode="nearest")
    least = 0.5 / y.size  # A rate of 0 forbids what the next trial may hold.
    return np.clip(mean, least, None if out_of is None else out_of - least)


bases = {
    knots: SplineTransformer(n_knots=knots, degree=3).fit_transform(np.linspace(0, 1, bins)[:, None])
    for knots in (4, 6, 10, 20, 40)
}


def glm(y, setting):
    knots, penalty = setting
    basis = bases[knots]
    if out_of is None:
        # Trials are averaged: PoissonRegressor divides by the weights, so that its penalty is per observation.
        model = PoissonRegressor(alpha=penalty, max_iter=300, tol=1e-5).fit(basis, y.mean(axis=0))
        return np.maximum(model.predict(basis), 1e-6)
    successes = y.sum(axis=0)
    failures = out_of * y.shape[0] - successes
    model = LogisticRegression(C=1 / penalty, max_iter=300).fit(
        np.concatenate([basis, basis]),
        np.repeat([1, 0], bins),
        sample_weight=np.concatenate([successes, failures]),
    )
    return out_of * expit(model.decision_function(basis))


def chosen(y, fit, settings):
    """The setting of the greatest likelihood in trials that it was not fitted to."""
    parts = np.arange(y.shape[0]) % inner
    scores = [
        sum(log_likelihood(y[parts == part], fit(y[parts != part], setting)) for part in range(inner))
        for setting in settings
    ]
    return settings[int(np.argmax(scores))]


widths = [0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 40, 80]
penalties = [1e-4, 1e-3, 1e-2] if out_of is None else [0.01, 0.1, 1]
peers = {
    "smoothed histogram": (smoothed, widths),
    f"GLM, splines (scikit-learn {sklearn.__version__})": (glm, [(k, p) for k in bases for p in penalties]),
}
results = []
for name, (fit, settings) in peers.items():
    means, picked = [], []
    for fold in range(folds):
        held = np.arange(trials) % folds == fold
        own = [chosen(counts[g, ~held], fit, settings) for g in range(groups)]
        means.append([fit(counts[g, ~held], own[g]).tolist() for g in range(groups)])
        picked.append(own)
    results.append({"name": name, "means": means, "picked": picked})
with open(out, "w", encoding="utf-8") as file:
    json.dump(results, file)
