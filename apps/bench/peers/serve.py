"""Runs peers for `pnpm bench`: one long-lived process that reads requests and writes answers, one JSON object a line.

    {"do": "prepare", "as": NAME, "peer": PEER, "work": WORK, "arrays": {NAME: FILE.npy}, "options": {…}, "threads": 2}
        → {"version": …, "threads": …}, or {"missing": …} where the peer is not installed
    {"do": "run", "as": NAME}                    → {"seconds": …}, by perf_counter around the work alone
    {"do": "result", "as": NAME, "folder": DIR}  → {"arrays": {NAME: FILE.npy}, "numbers": {…}} of the last run
    {"do": "drop", "as": NAME}                   → {}

Whatever goes wrong is answered by {"error": …}. The most threads that BLAS, OpenMP and numba may have come from the
environment, OMP_NUM_THREADS; a work has as many of them as "threads" of its request says.
"""

import importlib
import json
import os
import sys
import time
import traceback
import warnings
from pathlib import Path

# Libraries print; answers have a line of their own.
answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
warnings.filterwarnings("ignore")

MODULES = {
    "numpy": "peers.numpy_fft",
    "sporco": "peers.sporco_admm",
    "alphacsc": "peers.alphacsc_lgcd",
    "scikit-learn": "peers.scikit_learn",
    "pytorch": "peers.pytorch",
}


def prepare(request: dict, prepared: dict) -> dict:
    try:
        import numpy as np
        from threadpoolctl import threadpool_limits

        module = importlib.import_module(MODULES[request["peer"]])
    except ImportError as error:
        return {"missing": str(error)}
    threads = request["threads"]
    arrays = {name: np.load(file) for name, file in request["arrays"].items()}
    with threadpool_limits(threads):
        work = module.WORKS[request["work"]](arrays, request["options"], threads)
        prepared[request["as"]] = {"work": work, "result": None, "threads": threads}
        return {"version": module.version(), "threads": getattr(module, "THREADS", threads)}


def run(request: dict, prepared: dict) -> dict:
    from threadpoolctl import threadpool_limits

    entry = prepared[request["as"]]
    entry["result"] = None
    with threadpool_limits(entry["threads"]):
        start = time.perf_counter()
        entry["result"] = entry["work"]()
        return {"seconds": time.perf_counter() - start}


def result(request: dict, prepared: dict) -> dict:
    import numpy as np

    arrays, numbers = {}, {}
    for name, value in prepared[request["as"]]["result"]().items():
        if np.ndim(value) == 0:
            numbers[name] = float(value)
        else:
            file = Path(request["folder"]) / f"{request['as']}-{name}.npy"
            np.save(file, np.ascontiguousarray(value))
            arrays[name] = str(file)
    return {"arrays": arrays, "numbers": numbers}


def drop(request: dict, prepared: dict) -> dict:
    prepared.pop(request["as"], None)
    return {}


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parent / "python"))
    prepared: dict = {}
    actions = {"prepare": prepare, "run": run, "result": result, "drop": drop}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = actions[request["do"]](request, prepared)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other side is told
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
