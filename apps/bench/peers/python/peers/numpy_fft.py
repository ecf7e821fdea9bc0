"""FISTA in numpy and scipy: the gradient through the filters' Gram, by FFTs of overlapping blocks."""

import numpy as np
import scipy
import scipy.fft

from .shared import blas


def version() -> str:
    return f"numpy {np.__version__} ({blas()}), scipy {scipy.__version__} FFT"


def sparse_code(arrays: dict, options: dict, threads: int):
    """T iterations of FISTA for ½‖y − H x‖² + w ‖x‖₁, x ≥ 0, in float32.

    In code space, z ↦ Hᵀ H z is a filter of 2K − 1 lags from every atom to every atom: blocks of 1,024 samples are
    transformed, multiplied by the filters' cross-spectra, and transformed back. Some megabytes of blocks at once stay in cache.
    """
    signal, filters = arrays["y"].astype(np.float32), arrays["filters"].astype(np.float32)
    weight, step, iterations = np.float32(options["weight"]), np.float32(options["step"]), int(options["iterations"])
    length, channels, atoms = filters.shape
    positions = signal.shape[0] - length + 1
    size = 1024
    # What wraps around lands in the K − 1 entries at either end of a block.
    margin = length - 1
    hop = size - 2 * margin
    blocks = -(-positions // hop)
    at_once = max(1, 2**18 // (size * max(atoms, channels)))
    spectra = scipy.fft.rfft(filters, size, axis=0).conj()
    gram = np.ascontiguousarray(np.einsum("fic,fid->fdc", spectra, spectra.conj()))

    def filtered(padded: np.ndarray, first: int, count: int, matrix: np.ndarray) -> np.ndarray:
        overlapping = np.lib.stride_tricks.as_strided(
            padded[first * hop :],
            (count, size, padded.shape[1]),
            (hop * padded.strides[0], *padded.strides),
        )
        spectrum = scipy.fft.rfft(overlapping, axis=1, workers=threads)
        return scipy.fft.irfft(product(spectrum, matrix), size, axis=1, workers=threads)

    def work():
        padded = np.zeros((blocks * hop + size, channels), np.float32)
        padded[: signal.shape[0]] = signal
        correlation = np.empty((blocks * hop, atoms), np.float32)
        for first in range(0, blocks, at_once):
            count = min(at_once, blocks - first)
            block = filtered(padded, first, count, spectra)[:, :hop]
            correlation[first * hop : (first + count) * hop] = block.reshape(-1, atoms)
        # Beyond the last position no code may stand.
        correlation[positions:] = -np.inf
        x = np.zeros((blocks * hop, atoms), np.float32)
        z, following = (np.zeros((blocks * hop + size, atoms), np.float32) for _ in range(2))
        t = 1.0
        for _ in range(iterations):
            t_next = (1 + np.sqrt(1 + 4 * t * t)) / 2
            momentum = np.float32((t - 1) / t_next)
            for first in range(0, blocks, at_once):
                count = min(at_once, blocks - first)
                rows = slice(first * hop, (first + count) * hop)
                inner = slice(margin + rows.start, margin + rows.stop)
                descent = filtered(z, first, count, gram)[:, margin : margin + hop].reshape(-1, atoms)
                np.subtract(correlation[rows], descent, out=descent)
                descent -= weight
                descent *= step
                descent += z[inner]
                np.maximum(descent, 0, out=descent)
                np.subtract(descent, x[rows], out=following[inner])
                following[inner] *= momentum
                following[inner] += descent
                x[rows] = descent
            z, following = following, z
            t = t_next
        return lambda: {"code": x[:positions]}

    return work


def product(spectrum: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """spectrum `[blocks, frequencies, a]` · matrix `[frequencies, a, b]`."""
    if matrix.shape[1] * matrix.shape[2] > 16:
        return np.matmul(spectrum.transpose(1, 0, 2), matrix).transpose(1, 0, 2)
    # Written out: numpy's batched product of tiny matrices is slower.
    result = np.empty((*spectrum.shape[:2], matrix.shape[2]), spectrum.dtype)
    for to in range(matrix.shape[2]):
        np.multiply(matrix[:, 0, to], spectrum[..., 0], out=result[..., to])
        for of in range(1, matrix.shape[1]):
            result[..., to] += matrix[:, of, to] * spectrum[..., of]
    return result


def mat_mul(arrays: dict, options: dict, threads: int):
    a, b = arrays["a"], arrays["b"]

    def work():
        product = a.T @ b
        return lambda: {"product": product}

    return work


WORKS = {"sparse-code": sparse_code, "mat-mul": mat_mul}
