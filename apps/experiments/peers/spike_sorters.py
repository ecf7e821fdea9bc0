"""Runs a SpikeInterface sorter on a recording and writes what it found as JSON, to be scored like our own.

    python spike_sorters.py RECORDING.npy RATE SORTER OUT.json

The probe is a tetrode (four contacts on a 30 µm square) or, for other channel counts, a line of 50 µm pitch.
"""

import json
import os
import sys
import tempfile
import time

os.environ.setdefault("OMP_NUM_THREADS", "2")

import numpy as np
import spikeinterface
import spikeinterface.preprocessing as preprocessing
from probeinterface import Probe
from spikeinterface.core import NumpyRecording
from spikeinterface.sorters import run_sorter


def probe_for(channels: int) -> Probe:
    if channels == 4:
        positions = np.array([[0, 0], [30, 0], [0, 30], [30, 30]], dtype=float)
    else:
        positions = np.column_stack([np.zeros(channels), 50.0 * np.arange(channels)])
    probe = Probe(ndim=2, si_units="um")
    probe.set_contacts(positions=positions, shapes="circle", shape_params={"radius": 6})
    probe.set_device_channel_indices(np.arange(channels))
    return probe


def main() -> None:
    path, rate, sorter, out = sys.argv[1:5]
    samples = np.load(path).astype("float32")
    recording = NumpyRecording([samples - np.median(samples, axis=0)], float(rate))
    recording.set_probe(probe_for(samples.shape[1]))
    recording.set_channel_gains(1.0)
    recording.set_channel_offsets(0.0)
    spikeinterface.set_global_job_kwargs(n_jobs=2, progress_bar=False, chunk_duration="1s")
    with tempfile.TemporaryDirectory() as folder:
        saved = recording.save(folder=f"{folder}/recording")
        start = time.time()
        sorting = run_sorter(sorter, saved, folder=f"{folder}/{sorter}", verbose=False, remove_existing_folder=True)
        seconds = time.time() - start
        spikes = sorting.to_spike_vector()
        result = {
            "sorter": sorter,
            "version": f"SpikeInterface {spikeinterface.__version__}",
            "seconds": round(seconds, 2),
            "times": [int(t) for t in spikes["sample_index"]],
            "units": [int(u) for u in spikes["unit_index"]],
        }
    with open(out, "w", encoding="utf-8") as file:
        json.dump(result, file)
    print(f"{sorter}: {len(set(result['units']))} units, {len(result['times'])} spikes, {seconds:.1f} s")


if __name__ == "__main__":
    main()
