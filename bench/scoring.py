"""Scores the workloads with libskops and its peers side by side, one thread:
`scoring.py [--quick] [--only NAME,...] [--rounds N] [--json FILE]`.

Outputs are compared with scikit-learn's before anything is timed; a peer that differs by more than
1e-5 is named and does not count. Prints microseconds for one row a call (cycling through 2,500
different rows) and per row of 10,000, and how libskops stands to the best that counts.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before anything that starts threads is imported

import argparse
import json
import pathlib
import sys
import tempfile
import warnings

import numpy as np
import skops.io
from threadpoolctl import threadpool_limits

import measure
import peers
import workloads

LARGEST_DIFFERENCE = 1e-5
SINGLE_ROWS = 2_500


def difference(ours, theirs):
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    if ours.shape != theirs.shape:
        return float("inf")
    return float(np.max(np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs))))


def prepare(workload, path):
    """({peer: function} of those that count, {peer: difference}, {peer: why it does not count})."""
    functions, differences, skipped = {}, {}, {}
    expected = getattr(workload.model, workload.method)(workload.rows)
    for peer, make in peers.PEERS.items():
        try:
            function = make(workload, path)
            differences[peer] = difference(function(workload.rows), expected)
        except Exception as error:  # a peer that cannot is named, whatever its reason
            text = (str(error).splitlines() or [""])[0]
            skipped[peer] = f"skipped: {type(error).__name__}: {text[:120]}"
            continue
        if differences[peer] <= LARGEST_DIFFERENCE:
            functions[peer] = function
        else:
            skipped[peer] = f"does not count: differs by {differences[peer]:.1e}"
    return functions, differences, skipped


def score(name, quick, rounds):
    asked = 300 if quick else 10_000
    workload = workloads.WORKLOADS[name](0.03 if quick else 1.0, asked)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.skops"
        skops.io.dump(workload.model, path)
        functions, differences, skipped = prepare(workload, path)
        times = measure.side_by_side(functions, workload.single(min(asked, SINGLE_ROWS)),
                                     workload.rows, rounds, 0.005 if quick else 0.3)
    return {"workload": workload.name, "method": workload.method, "rows": asked,
            "single_rows": min(asked, SINGLE_ROWS),
            "microseconds": {peer: {"one": one, "batch": batch}
                             for peer, (one, batch) in times.items()},
            "differences": differences, "skipped": skipped}


def ratios(result):
    """How many times faster libskops is than the best peer that counts: (one row, batch)."""
    times = result["microseconds"]
    others = [peer for peer in times if peer != "libskops"]
    if "libskops" not in times or not others:
        return None
    return {kind: min((times[peer][kind], peer) for peer in others) for kind in ("one", "batch")}


def show(result):
    print(f"\n{result['workload']} ({result['method']})")
    for peer, times in result["microseconds"].items():
        print(f"  {peer:22} one row {times['one']:10.2f} µs   per row of {result['rows']:,} "
              f"{times['batch']:9.3f} µs   differs by {result['differences'][peer]:.1e}")
    for peer, reason in result["skipped"].items():
        print(f"  {peer:22} {reason}")
    best = ratios(result)
    if best:
        ours = result["microseconds"]["libskops"]
        print("  best peer / libskops: " + ", ".join(
            f"{what} {best[kind][0] / ours[kind]:.2f}× ({best[kind][1]})"
            for kind, what in (("one", "one row"), ("batch", "batch"))))
    sys.stdout.flush()


def main(arguments=None):
    parser = argparse.ArgumentParser(description="libskops and its peers side by side")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it run at all?")
    parser.add_argument("--only", default=",".join(workloads.WORKLOADS))
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    results = []
    with threadpool_limits(1):
        for name in options.only.split(","):
            results.append(score(name, options.quick, options.rounds or (2 if options.quick else 7)))
            show(results[-1])
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    return results


if __name__ == "__main__":
    main()
