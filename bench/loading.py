"""Times loading: `loading.py [--quick] [--command libskops] [--json FILE]`.

1. load + first prediction of a 100-tree forest (27 MB), in a process where everything is imported:
   libskops.Model, pickle, released skops, an ONNX Runtime session; one after the other, several rounds.
   Giving the model up is not timed, for none of them: who loads a model keeps it.
2. `libskops audit` of that file: the whole process, and its largest memory.
3. a fresh process: import + load + predict of a small pipeline, with libskops and with released skops.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import json
import pathlib
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
import zipfile

import numpy as np
import skops.io
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import peers
import workloads

COLD = {
    "libskops": "import libskops; model = libskops.Model.load({file!r}); "
                "import numpy; model.predict(numpy.array({row}))",
    "skops": "import skops.io; model = skops.io.load({file!r}, trusted=[]); "
             "import numpy; model.predict(numpy.array({row}))",
}


def loaders(workload, folder):
    """{peer: function that loads the forest and predicts one row}, {peer: why not}. A function gives
    the prediction and what holds the model, so that the model outlives the timing."""
    row, method = workload.rows[:1], workload.method
    files = {"skops": folder / "forest.skops", "pickle": folder / "forest.pickle",
             "onnx": folder / "forest.onnx"}
    skops.io.dump(workload.model, files["skops"])
    files["pickle"].write_bytes(pickle.dumps(workload.model, protocol=5))
    trusted = skops.io.get_untrusted_types(file=files["skops"])

    def native():
        predict = peers.libskops(workload, files["skops"])
        return predict(row), predict

    def unpickled():
        with open(files["pickle"], "rb") as file:
            predict = getattr(pickle.load(file), method)
        return predict(row), predict

    def released():
        predict = getattr(skops.io.load(files["skops"], trusted=trusted), method)
        return predict(row), predict

    def session():
        model = peers.onnx_session(str(files["onnx"]))
        return model.run(None, {"X": row.astype(np.float32)})[1], model

    functions, skipped = {"pickle": unpickled, "released skops": released}, {}
    try:
        native()
        functions["libskops"] = native
    except peers.Unavailable as error:
        skipped["libskops"] = str(error)
    try:
        files["onnx"].write_bytes(peers.onnx_model(workload))
        session()
        functions["ONNX Runtime"] = session
    except peers.Unavailable as error:
        skipped["ONNX Runtime"] = str(error)
    expected = getattr(workload.model, method)(row)
    for peer, function in functions.items():
        if np.max(np.abs(function()[0] - expected)) > 1e-5:
            skipped[peer] = "answers differently"
    return {peer: f for peer, f in functions.items() if peer not in skipped}, skipped, files["skops"]


def timed(function):
    begin = time.perf_counter()
    kept = function()
    milliseconds = (time.perf_counter() - begin) * 1e3
    del kept
    return milliseconds


def medians(functions, rounds):
    times = {peer: [] for peer in functions}
    for _ in range(rounds):
        for peer, function in functions.items():
            times[peer].append(timed(function))
    return {peer: statistics.median(values) for peer, values in times.items()}


def process(command, rounds, good=(0,)):
    """(median milliseconds, largest memory in MB) of a whole process. Its memory is asked of a child
    between us and it: a child's largest memory starts at that of the process that forked it."""
    watch = ("import os, resource, subprocess, sys, time\n"
             "begin = time.perf_counter()\n"
             "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
             "print(time.perf_counter() - begin,"
             " resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, done.returncode)\n")
    times, memory = [], 0
    for _ in range(rounds):
        done = subprocess.run([sys.executable, "-S", "-c", watch, *map(str, command)], check=True,
                              capture_output=True, text=True)
        seconds, kilobytes, status = done.stdout.split()
        if int(status) not in good:
            raise RuntimeError(f"{command}: exit status {status}: {done.stderr}")
        times.append(float(seconds) * 1e3)
        memory = max(memory, int(kilobytes) / 1024)
    return statistics.median(times), memory


def cold_starts(folder, rounds):
    x, y = load_iris(return_X_y=True)
    file = folder / "pipeline.skops"
    skops.io.dump(make_pipeline(StandardScaler(), LogisticRegression()).fit(x, y), file)
    results = {}
    for peer, code in COLD.items():
        text = code.format(file=str(file), row=x[:1].tolist())
        try:
            results[peer] = process([sys.executable, "-c", text], rounds)[0]
        except RuntimeError as error:
            results[peer] = None
            print(f"  {peer}: skipped: {str(error).strip().splitlines()[-1]}")
    return results


def main(arguments=None):
    parser = argparse.ArgumentParser(description="time of loading")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--command", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    rounds = 2 if options.quick else 9
    result = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        workload = workloads.forest(*((0.03, 300) if options.quick else (1.0, 10_000)))
        functions, skipped, file = loaders(workload, folder)
        result["load_and_predict_ms"] = medians(functions, rounds)
        result["skipped"] = skipped
        print(f"\nload + first prediction, forest of {file.stat().st_size / 1e6:.1f} MB")
        ours = result["load_and_predict_ms"].get("libskops")
        for peer, value in result["load_and_predict_ms"].items():
            print(f"  {peer:16} {value:9.2f} ms" + (f"   {value / ours:6.2f}×" if ours else ""))
        for peer, reason in skipped.items():
            print(f"  {peer:16} skipped: {reason}")

        if options.command and options.command.exists():
            milliseconds, memory = process([options.command, "audit", file], rounds * 2, (0, 1))
            with zipfile.ZipFile(file) as archive:
                schema = archive.getinfo("schema.json").file_size / 2**20
            result["audit"] = {"ms": milliseconds, "memory_mb": memory, "schema_mb": schema}
            print(f"\naudit of that file, whole process: {milliseconds:.1f} ms, {memory:.1f} MB "
                  f"(schema {schema:.1f} MB; allowed {schema * 4 + 16:.1f} MB)")
        else:
            print("\naudit: skipped: no command given (--command)")

        print("\nfresh process: import + load + predict of a small pipeline")
        result["cold_ms"] = cold_starts(folder, rounds)
        for peer, value in result["cold_ms"].items():
            if value is not None:
                print(f"  {peer:16} {value:9.1f} ms")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    return result


if __name__ == "__main__":
    main()
