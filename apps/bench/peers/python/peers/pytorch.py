"""PyTorch: the same networks, written as a user of PyTorch would write them."""

import numpy as np
import torch
import torch.nn.functional as F

from .shared import dictionary_error


def version() -> str:
    blas = "MKL" if torch.backends.mkl.is_available() else "its own BLAS"
    return (
        f"torch {torch.__version__} (CPU, {blas}, oneDNN, {torch.backends.cpu.get_cpu_capability()}), "
        f"{torch.get_num_threads()} threads"
    )


def momentum(t: int) -> float:
    """Of FISTA: (t_k − 1) / t_{k+1}, k from 1."""
    now = 1.0
    for _ in range(1, t):
        now = (1 + (1 + 4 * now * now) ** 0.5) / 2
    return (now - 1) / ((1 + (1 + 4 * now * now) ** 0.5) / 2)


def fista(signal, filters, weight, step, iterations, analysis, synthesis, non_negative):
    """T layers from zero. `filters` are `[atoms, channels, …]`, as conv has them."""
    z = x = None
    for t in range(1, iterations + 1):
        residual = signal if z is None else signal - synthesis(z, filters)
        u = step * analysis(residual, filters)
        u = u if z is None else z + u
        last = x
        if non_negative:
            x = torch.relu(u - step * weight)
        else:
            x = F.softshrink(u, float(step * weight))
        z = x if last is None else x + momentum(t) * (x - last)
    return x


def conv1d_fista(signal, filters, weight, step, iterations):
    return fista(signal, filters, weight, step, iterations, F.conv1d, F.conv_transpose1d, True)


def conv2d_fista(signal, filters, weight, step, iterations):
    return fista(signal, filters, weight, step, iterations, F.conv2d, F.conv_transpose2d, False)


def image_layout(array: np.ndarray) -> torch.Tensor:
    """`[batch, height, width, channels]` to PyTorch's `[batch, channels, height, width]`."""
    return torch.from_numpy(np.ascontiguousarray(array.astype(np.float32).transpose(0, 3, 1, 2)))


def filters_2d(array: np.ndarray) -> torch.Tensor:
    """`[height, width, channels, atoms]` to `[atoms, channels, height, width]`."""
    return torch.from_numpy(np.ascontiguousarray(array.astype(np.float32).transpose(3, 2, 0, 1)))


def filters_1d(array: np.ndarray) -> torch.Tensor:
    """`[time, channels, atoms]` to `[atoms, channels, time]`."""
    return torch.from_numpy(np.ascontiguousarray(array.astype(np.float32).transpose(2, 1, 0)))


def sparse_code(arrays: dict, options: dict, threads: int):
    signal = torch.from_numpy(np.ascontiguousarray(arrays["y"].astype(np.float32).T))[None]
    filters = filters_1d(arrays["filters"])

    @torch.inference_mode()
    def work():
        code = conv1d_fista(signal, filters, options["weight"], options["step"], int(options["iterations"]))
        return lambda: {"code": code[0].T.numpy()}

    return work


def encoder(arrays: dict, options: dict, threads: int):
    """Windows `[batch, time, channels]`."""
    windows = torch.from_numpy(np.ascontiguousarray(arrays["windows"].astype(np.float32).transpose(0, 2, 1)))
    filters = filters_1d(arrays["filters"])

    @torch.inference_mode()
    def work():
        code = conv1d_fista(windows, filters, options["weight"], options["step"], int(options["iterations"]))
        return lambda: {"code": code.permute(0, 2, 1).numpy()}

    return work


def encoder_2d(arrays: dict, options: dict, threads: int):
    images, filters = image_layout(arrays["images"]), filters_2d(arrays["filters"])

    @torch.inference_mode()
    def work():
        code = conv2d_fista(images, filters, options["weight"], options["step"], int(options["iterations"]))
        return lambda: {"code": code.permute(0, 2, 3, 1).numpy()}

    return work


def training_step_2d(arrays: dict, options: dict, threads: int):
    """½‖ŷ − y‖² of the tied auto-encoder, a mean over the batch, and its gradient with respect to the filters."""
    images, filters = image_layout(arrays["images"]), filters_2d(arrays["filters"]).requires_grad_()

    def work():
        filters.grad = None
        code = conv2d_fista(images, filters, options["weight"], options["step"], int(options["iterations"]))
        loss = 0.5 * torch.sum((F.conv_transpose2d(code, filters) - images) ** 2) / images.shape[0]
        loss.backward()
        gradient = filters.grad.clone()
        return lambda: {"gradient": gradient.permute(2, 3, 1, 0).numpy(), "loss": loss.item()}

    return work


def filter_gradient_1d(arrays: dict, options: dict, threads: int):
    """g[k, i, c] = Σ y[b, m + k, i] x[b, m, c], by PyTorch's own kernel for it."""
    signals = torch.from_numpy(np.ascontiguousarray(arrays["signals"].astype(np.float32).transpose(0, 2, 1)))
    codes = torch.from_numpy(np.ascontiguousarray(arrays["codes"].astype(np.float32).transpose(0, 2, 1)))
    shape = (codes.shape[1], signals.shape[1], signals.shape[2] - codes.shape[2] + 1)

    def work():
        gradient = torch.nn.grad.conv1d_weight(signals, shape, codes)
        return lambda: {"gradient": gradient.permute(2, 1, 0).numpy()}

    return work


def filter_gradient_2d(arrays: dict, options: dict, threads: int):
    images, codes = image_layout(arrays["signals"]), image_layout(arrays["codes"])
    sizes = [images.shape[axis] - codes.shape[axis] + 1 for axis in (2, 3)]

    def work():
        gradient = torch.nn.grad.conv2d_weight(images, (codes.shape[1], images.shape[1], *sizes), codes)
        return lambda: {"gradient": gradient.permute(2, 3, 1, 0).numpy()}

    return work


def dense_unrolled(arrays: dict, options: dict, threads: int):
    """ISTA of `iterations` layers with one dictionary, forward and backward to it: the loss is ½‖A x − y‖², a mean over the batch."""
    signals = torch.from_numpy(arrays["signals"].astype(np.float32))
    atoms = torch.from_numpy(arrays["atoms"].astype(np.float32)).requires_grad_()
    step, threshold = float(options["step"]), float(options["step"] * options["weight"])

    def work():
        atoms.grad = None
        x = F.softshrink(step * (signals @ atoms), threshold)
        for _ in range(int(options["iterations"]) - 1):
            x = F.softshrink(x + step * ((signals - x @ atoms.T) @ atoms), threshold)
        loss = 0.5 * torch.sum((x @ atoms.T - signals) ** 2) / signals.shape[0]
        loss.backward()
        gradient = atoms.grad.clone()
        return lambda: {"gradient": gradient.numpy(), "loss": loss.item()}

    return work


def learn(arrays: dict, options: dict, threads: int):
    """CRsAE: FISTA unrolled, the loss back through all layers, Adam, unit norm, the same batches in the same order."""
    windows = torch.from_numpy(np.ascontiguousarray(arrays["windows"].astype(np.float32).transpose(0, 2, 1)))
    truth, start = arrays["truth"].astype(np.float64), filters_1d(arrays["start"])
    order, batch = arrays["order"].astype(np.int64), int(options["batch"])
    weight, layers = options["weight"], int(options["layers"])

    def work():
        filters = start.clone().requires_grad_()
        optimizer = torch.optim.Adam([filters], lr=options["rate"], eps=1e-7)
        steps = 0
        for first in range(0, len(order), batch):
            signal = windows[order[first : first + batch]]
            optimizer.zero_grad()
            code = conv1d_fista(signal, filters, weight, 1 / bound(filters), layers)
            loss = 0.5 * torch.sum((F.conv_transpose1d(code, filters) - signal) ** 2) / len(signal)
            loss.backward()
            optimizer.step()
            steps += 1
            with torch.no_grad():
                filters /= filters.norm(dim=(1, 2), keepdim=True)
            if dictionary_error(truth[:, 0], filters.detach()[:, 0].T.numpy()) <= options["error"]:
                break
        return lambda: {"filters": filters.detach().permute(2, 1, 0).numpy(), "steps": steps}

    return work


def bound(filters: torch.Tensor) -> float:
    """‖H‖² of the convolution: the largest over frequencies, of the spectra's Gram."""
    spectra = torch.fft.rfft(filters.detach(), 512, dim=2)
    gram = torch.einsum("cif,dif->fcd", spectra, spectra.conj())
    return float(torch.linalg.eigvalsh(gram)[:, -1].max()) * 1.001


def on_threads(prepare):
    """A work that takes its threads anew in every run: works on one thread and on two run in turns."""

    def prepared(arrays: dict, options: dict, threads: int):
        torch.set_num_threads(threads)
        work = prepare(arrays, options, threads)

        def run():
            torch.set_num_threads(threads)
            return work()

        return run

    return prepared


WORKS = {
    "sparse-code": on_threads(sparse_code),
    "encoder": on_threads(encoder),
    "encoder-2d": on_threads(encoder_2d),
    "training-step-2d": on_threads(training_step_2d),
    "filter-gradient-1d": on_threads(filter_gradient_1d),
    "filter-gradient-2d": on_threads(filter_gradient_2d),
    "dense-unrolled": on_threads(dense_unrolled),
    "learn": on_threads(learn),
}
