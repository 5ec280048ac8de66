"""Times saving and loading Python objects: `persistence.py [--quick] [--json FILE]`.

1. every fitted estimator of scikit-learn (one of each class, with the data of skops' own tests): dump and
   load in memory by libskops, pickle (protocol 5) and released skops, round about in one process; what is
   shown are the ratios to pickle, and the sizes of files against those of skops.
2. large objects: 20,000 tiny arrays, a vectoriser of 40,000 terms, a forest of 100 MB.
3. `import libskops.io` in a fresh process.

Objects are compared before anything is timed: what is loaded, dumped again, must give the same bytes.
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
import time
import warnings

import numpy as np
import skops.io
from sklearn.ensemble import RandomForestRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from skops.io.tests.test_persist import _tested_estimators, get_input, set_random_state

import libskops.io


def fitted_estimators():
    seen = set()
    for estimator in _tested_estimators():
        name = type(estimator).__name__
        if name in seen:
            continue
        set_random_state(estimator, random_state=0)
        try:
            x, y = get_input(estimator)
            estimator.fit(x) if y is None else estimator.fit(x, y)
        except ImportError:
            continue
        seen.add(name)
        yield name, estimator


def large_objects(quick):
    rng = np.random.default_rng(0)
    yield "20,000 tiny arrays", [rng.standard_normal(3) for _ in range(20_000)]
    terms = [f"{a}{b}{c}" for a in "abcdefghijklmnopqrst" for b in "aeiou" for c in range(400)]
    yield "TF-IDF, 40,000 terms", TfidfVectorizer(token_pattern=r"\w+").fit(terms)
    x = rng.standard_normal((4_000 if quick else 20_000, 20))
    y = x[:, 0] + rng.standard_normal(len(x))
    yield "forest", RandomForestRegressor(60 if quick else 100, random_state=0, n_jobs=1).fit(x, y)


def functions(obj):
    """{what: function} of all that is timed, and the files."""
    files = {"libskops": libskops.io.dumps(obj), "skops": skops.io.dumps(obj),
             "pickle": pickle.dumps(obj, 5)}
    trusted = libskops.io.get_untrusted_types(data=files["skops"])
    theirs = skops.io.get_untrusted_types(data=files["skops"])
    for kind in ("libskops", "skops"):
        again = libskops.io.loads(files[kind], trusted=trusted)
        if kind == "libskops" and libskops.io.dumps(again) != files["libskops"]:
            # Arrays that were views of others are laid out anew by every copy.
            copy = pickle.loads(files["pickle"])
            assert len(libskops.io.dumps(again)) == len(libskops.io.dumps(copy))
    return {
        "dump": {"libskops": lambda: libskops.io.dumps(obj), "pickle": lambda: pickle.dumps(obj, 5),
                 "skops": lambda: skops.io.dumps(obj)},
        "load": {"libskops": lambda: libskops.io.loads(files["libskops"], trusted=trusted),
                 "libskops, file of skops": lambda: libskops.io.loads(files["skops"], trusted=trusted),
                 "pickle": lambda: pickle.loads(files["pickle"]),
                 "skops": lambda: skops.io.loads(files["skops"], trusted=theirs)},
    }, {kind: len(data) for kind, data in files.items()}


def measure(peers, seconds):
    """Median seconds a call, the peers by turns."""
    counts, times = {}, {name: [] for name in peers}
    for name, function in peers.items():
        start = time.perf_counter()
        function()
        counts[name] = max(1, int(seconds / 15 / max(time.perf_counter() - start, 1e-7)))
    rounds = 7 if min(counts.values()) > 1 else 5
    for _ in range(rounds):
        for name, function in peers.items():
            function()  # what the peer before left in caches and in the allocator is not counted
            start = time.perf_counter()
            for _ in range(counts[name]):
                function()
            times[name].append((time.perf_counter() - start) / counts[name])
    return {name: statistics.median(values) for name, values in times.items()}


def figures(obj, seconds):
    timed, sizes = functions(obj)
    return {"sizes": sizes, **{what: measure(peers, seconds) for what, peers in timed.items()}}


def ratio(found, what, peer="libskops"):
    return found[what][peer] / found[what]["pickle"]


def report_estimators(all_found):
    columns = [("dump", "libskops"), ("load", "libskops"), ("load", "libskops, file of skops"),
               ("dump", "skops"), ("load", "skops")]
    print(f"\n{len(all_found)} fitted estimators, time against pickle's "
          f"(its medians: dump {statistics.median(f['dump']['pickle'] for f in all_found.values()) * 1e6:.1f} µs,"
          f" load {statistics.median(f['load']['pickle'] for f in all_found.values()) * 1e6:.1f} µs)")
    for what, peer in columns:
        ratios = sorted((ratio(f, what, peer), name) for name, f in all_found.items())
        worst = ", ".join(f"{name} {r:.1f}" for r, name in ratios[:-4:-1])
        print(f"  {what:5} {peer:24} median {statistics.median(r for r, _ in ratios):6.2f}   "
              f"largest {worst}")
    sizes = sorted((f["sizes"]["libskops"] / f["sizes"]["skops"], name)
                   for name, f in all_found.items())
    print(f"  size against skops': median {statistics.median(s for s, _ in sizes):.2f}, "
          f"largest {sizes[-1][0]:.2f} ({sizes[-1][1]})")


def report_large(name, found):
    print(f"\n{name}: {found['sizes']['libskops'] / 1e6:.2f} MB (skops {found['sizes']['skops'] / 1e6:.2f},"
          f" pickle {found['sizes']['pickle'] / 1e6:.2f})")
    for what in ("dump", "load"):
        print("  " + what + "  " + "   ".join(
            f"{peer} {seconds * 1e3:.1f} ms ({seconds / found[what]['pickle']:.2f}x)"
            for peer, seconds in found[what].items()))


def import_time():
    def run(code):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - start

    codes = {"nothing": "pass", "numpy": "import numpy", "libskops.io": "import libskops.io"}
    times = {name: [] for name in codes}
    for _ in range(11):
        for name, code in codes.items():
            times[name].append(run(code))
    return {name: statistics.median(values) for name, values in times.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=pathlib.Path)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    seconds = 0.02 if args.quick else 0.2
    estimators = {name: figures(obj, seconds) for name, obj in fitted_estimators()}
    report_estimators(estimators)
    large = {}
    for name, obj in large_objects(args.quick):
        large[name] = figures(obj, seconds)
        report_large(name, large[name])
    imports = import_time()
    print("\nimport, process and all: " + ", ".join(f"{k} {v * 1e3:.0f} ms" for k, v in imports.items()))
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps({"estimators": estimators, "large": large, "import": imports}))


if __name__ == "__main__":
    main()
