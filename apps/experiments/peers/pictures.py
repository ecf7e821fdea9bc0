"""Denoisers of others, on two threads: python pictures.py JOB.json OUT.json

The job names a method and the noise ("gaussian:20", in grey levels of 255, or "poisson:4", the mean count of the brightest pixel), .npy
files of clean pictures to learn from (0 to 1), of noisy ones, and where the estimates go. An estimate is in the units of what is noisy: it is
of grey values, or of mean counts. Those that learn stop after `learning` seconds of `clock`, "wall" or "processor". Methods made for Gaussian noise see counts through the Anscombe transform.
"""
import os

os.environ["OMP_NUM_THREADS"] = "2"

import importlib.metadata
import json
import sys
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")
version = importlib.metadata.version


# ---- Anscombe's transform, and its exact unbiased inverse (Mäkitalo & Foi 2011), by a table of E[f(y)] for y ~ Poisson(m).


def anscombe(counts):
    return 2 * np.sqrt(np.maximum(counts, 0) + 3 / 8)


def inverse_anscombe():
    from scipy.stats import poisson

    means = np.concatenate([np.linspace(0, 1, 201), np.geomspace(1.01, 5000, 1500)])
    least, most = (np.floor(means - 8 * np.sqrt(means)).clip(0), np.ceil(means + 8 * np.sqrt(means) + 20))
    table = [np.sum(poisson.pmf(k, m) * anscombe(k)) for m, k in ((m, np.arange(a, b)) for m, a, b in zip(means, least, most))]
    return lambda values: np.interp(values, table, means)


# ---- Denoisers of Gaussian noise: (noisy, sigma) -> estimate. Each begins with what it learns or tunes on clean pictures.


def bm3d(job):
    import bm3d as package

    return lambda noisy, sigma: package.bm3d(noisy, sigma), {
        "version": f"bm3d {version('bm3d')}",
        "settings": "profile np, both stages",
    }


def wavelets(job):
    from skimage.restoration import denoise_wavelet

    def denoise(noisy, sigma, shifts=4):
        shifted = [(row, column) for row in range(shifts) for column in range(shifts)]
        return np.mean(
            [
                np.roll(
                    denoise_wavelet(np.roll(noisy, s, (0, 1)), sigma, wavelet="sym4", wavelet_levels=5, method="BayesShrink", rescale_sigma=False),
                    (-s[0], -s[1]),
                    (0, 1),
                )
                for s in shifted
            ],
            axis=0,
        )

    return denoise, {
        "version": f"scikit-image {version('scikit-image')}, PyWavelets {version('PyWavelets')}",
        "settings": "BayesShrink, soft, sym4, 5 levels, averaged over 16 shifts",
    }


def nl_means(job):
    from skimage.restoration import denoise_nl_means

    def at(strength):
        return lambda noisy, sigma: denoise_nl_means(
            noisy, patch_size=7, patch_distance=11, h=strength * sigma, sigma=sigma, fast_mode=True
        )

    strength = best([0.4, 0.6, 0.8, 1.0, 1.4], at, job)
    return at(strength), {
        "version": f"scikit-image {version('scikit-image')}",
        "settings": f"patches of 7, distance 11, h = {strength} sigma, the best of five on training pictures",
    }


def sporco(job):
    from sporco import fft, signal
    from sporco.admm import cbpdn
    from sporco.dictlrn import onlinecdl

    # Threads that wait for one another by spinning take what the others need.
    fft.pyfftw_threads = 1
    # As in SPORCO's example of the removal of white noise: a code of the high frequencies, its norm weighted by the inverse energy that
    # the atoms have in the picture. The dictionary is learned online on the high frequencies of the training pictures.
    rng = np.random.default_rng(job["seed"])
    crops = [crop(picture, 128, rng) for picture in job["train"] for _ in range(3)]
    atoms = rng.standard_normal((8, 8, 32)).astype(np.float32)
    options = onlinecdl.OnlineConvBPDNDictLearn.Options(
        {"Verbose": False, "ZeroMean": True, "DataType": np.float32, "eta_a": 10.0, "eta_b": 20.0,
         "CBPDN": {"rho": 5.0, "AutoRho": {"Enabled": True}, "RelaxParam": 1.8, "RelStopTol": 1e-3, "MaxMainIter": 50,
                   "FastSolve": False, "DataType": np.float32}}
    )
    learner = onlinecdl.OnlineConvBPDNDictLearn(atoms, 0.1, options)
    now = clock(job)
    started = now()
    seen = 0
    while now() - started < job["learning"]:
        _, high = signal.tikhonov_filter(crops[seen % len(crops)], 5.0, 16)
        learner.solve(high.astype(np.float32))
        seen += 1
    learned = np.squeeze(learner.getdict()).astype(np.float32)

    def at(weight):
        def denoise(noisy, sigma):
            padded = np.pad(noisy, 16, "reflect").astype(np.float32)
            low, high = signal.tikhonov_filter(padded, 5.0, 16)
            matched = fft.irfftn(
                np.conj(fft.rfftn(learned, high.shape, (0, 1))) * fft.rfftn(high[..., np.newaxis], None, (0, 1)), high.shape, (0, 1)
            )
            # A map of weights has a pixel axis pair, a channel, a signal and an atom axis.
            inverse = (1.0 / np.maximum(np.abs(matched**2), 1e-8)).astype(np.float32)
            options = cbpdn.ConvBPDNGradReg.Options(
                {"Verbose": False, "MaxMainIter": 50, "HighMemSolve": True, "RelStopTol": 3e-3, "AuxVarObj": False, "DataType": np.float32,
                 "L1Weight": inverse.reshape(high.shape + (1, 1, learned.shape[-1])), "AutoRho": {"Enabled": True}, "rho": 1e3 * weight}
            )
            # Weights go by the energy of the picture: at another sigma the picture is scaled to the one they were chosen at.
            solver = cbpdn.ConvBPDNGradReg(learned, high.astype(np.float32), weight, 0.005, options)
            solver.solve()
            return (np.squeeze(solver.reconstruct()) + low)[16:-16, 16:-16]

        return denoise

    weight = best([0.003, 0.01, 0.03, 0.1], lambda value: rescaled(at(value)), job)
    return rescaled(at(weight)), {
        "version": f"sporco {version('sporco')}",
        "settings": f"ConvBPDNGradReg, 8 x 8 x 32 atoms learned online from {seen} crops of 128 pixels, lambda {weight}, at most 50 iterations",
        "parameters": int(learned.size),
    }


def rescaled(denoise, sigma=0.1):
    """A denoiser whose settings are made for one sigma, at any other."""
    return lambda noisy, actual: denoise(noisy * (sigma / actual), sigma) * (actual / sigma)


# ---- A plain CNN: sees and gives what is measured, over the peak for counts.


def cnn(job):
    import torch
    from torch import nn

    torch.set_num_threads(2)
    torch.manual_seed(job["seed"])
    rng = np.random.default_rng(job["seed"])
    width, depth, side, batch = 64, 7, 64, 4
    convolutions = [nn.Conv2d(1, width, 3, padding=1)] + [nn.Conv2d(width, width, 3, padding=1) for _ in range(depth - 2)]
    layers = [layer for convolution in convolutions for layer in (convolution, nn.ReLU())]
    network = nn.Sequential(*layers, nn.Conv2d(width, 1, 3, padding=1))
    optimizer = torch.optim.Adam(network.parameters(), 1e-3)
    scale = level(job) if counts(job) else 1.0
    now = clock(job)
    started, steps = now(), 0
    while (elapsed := now() - started) < job["learning"]:
        # Down to a hundredth, by half a cosine over the time that there is.
        for group in optimizer.param_groups:
            group["lr"] = 1e-3 * (0.01 + 0.99 * 0.5 * (1 + np.cos(np.pi * elapsed / job["learning"])))
        clean = np.stack([crop(job["train"][rng.integers(len(job["train"]))], side, rng) for _ in range(batch)])
        noisy = torch.from_numpy((record(clean, job, rng) / scale).astype(np.float32))[:, None]
        target = torch.from_numpy(clean.astype(np.float32))[:, None]
        optimizer.zero_grad()
        # The network gives what is to be subtracted.
        loss = torch.mean((noisy - network(noisy) - target) ** 2)
        loss.backward()
        optimizer.step()
        steps += 1

    def denoise(noisy):
        with torch.no_grad():
            given = torch.from_numpy((noisy / scale).astype(np.float32))[None, None]
            return (given - network(given)).numpy()[0, 0] * scale

    return denoise, {
        "version": f"PyTorch {version('torch')}",
        "settings": f"{depth} layers of {width} channels, 3 x 3, residual, no normalisation; {steps} steps of {batch} crops of {side} pixels, Adam 1e-3 to 1e-5",
        "parameters": sum(p.numel() for p in network.parameters()),
    }


# ---- What is common.


def clock(job):
    return time.process_time if job["clock"] == "processor" else time.time


def counts(job):
    return job["noise"].startswith("poisson")


def level(job):
    """sigma as a part of white, or the peak."""
    value = float(job["noise"].split(":")[1])
    return value if counts(job) else value / 255


def record(clean, job, rng):
    """Clean pictures of 0 to 1 as they are measured; they are bright to 1, or nearly."""
    return rng.poisson(clean * level(job)) if counts(job) else clean + level(job) * rng.standard_normal(clean.shape)


def crop(picture, side, rng):
    height, width = (min(side, length) for length in picture.shape)
    row, column = rng.integers(picture.shape[0] - height + 1), rng.integers(picture.shape[1] - width + 1)
    part = picture[row : row + height, column : column + width]
    return part[:: rng.choice([-1, 1]), :: rng.choice([-1, 1])]


def on_measured(denoise, job):
    """A denoiser of Gaussian noise, of what is measured."""
    if not counts(job):
        return lambda noisy: denoise(noisy, level(job))
    inverse = inverse_anscombe()

    def on_counts(noisy):
        stable = anscombe(noisy)
        # Into 0 to 1, for which settings are made.
        low, high = stable.min(), max(stable.max(), stable.min() + 1)
        return inverse(denoise((stable - low) / (high - low), 1 / (high - low)) * (high - low) + low)

    return on_counts


def best(values, at, job):
    """The setting with the least error on parts of two training pictures."""
    rng = np.random.default_rng(job["seed"])
    parts = [crop(picture, 160, rng) for picture in job["train"][:2]]
    noisy = [record(part, job, rng) for part in parts]
    unit = level(job) if counts(job) else 1.0

    def error(value):
        denoise = on_measured(at(value), job)
        return sum(np.mean((denoise(y) / unit - x) ** 2) for x, y in zip(parts, noisy))

    return min(values, key=error)


gaussian_methods = {"bm3d": bm3d, "wavelets": wavelets, "nl-means": nl_means, "sporco": sporco}


def main():
    with open(sys.argv[1]) as file:
        job = json.load(file)
    job["train"] = [np.load(path).astype(np.float64) for path in job["train"]]
    started = time.time()
    if job["method"] == "cnn":
        denoise, facts = cnn(job)
    else:
        learned, facts = gaussian_methods[job["method"]](job)
        denoise = on_measured(learned, job)
    learning = time.time() - started
    started = time.time()
    for noisy, estimate in zip(job["noisy"], job["estimates"]):
        np.save(estimate, denoise(np.load(noisy).astype(np.float64)).astype(np.float32))
    seconds = {"learning": learning, "denoising": time.time() - started}
    with open(sys.argv[2], "w") as file:
        json.dump({**facts, "seconds": seconds}, file)


main()
