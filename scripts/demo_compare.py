"""Audits, shows and scores the demo's models with libskops, and compares with scikit-learn:
`demo_compare.py FOLDER COMMAND`. Exit status 1 if an output differs.
"""

import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import skops.io

import libskops

LARGEST_DIFFERENCE = 1e-9
LINES_SHOWN = 14


def run(*command, allowed=(0,)):
    """Standard output of a command; what it says on standard error is ours to show if it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode not in allowed:
        sys.exit(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{done.stderr}")
    return done.stdout


def print_some(text):
    lines = text.rstrip().splitlines()
    print("\n".join("    " + line[:110] for line in lines[:LINES_SHOWN]))
    if len(lines) > LINES_SHOWN:
        print(f"    … {len(lines) - LINES_SHOWN} more lines")


def data_of(base):
    """The file for the command, and the same rows as Python users hold them."""
    for suffix, read in ((".csv", pd.read_csv), (".npy", np.load),
                         (".txt", lambda path: path.read_text(encoding="utf-8").splitlines())):
        path = base.with_suffix(suffix)
        if path.exists():
            return path, read(path)
    raise FileNotFoundError(base)


def difference(ours, theirs):
    """Largest absolute difference; labels count as 0 (equal) or infinity."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    if theirs.dtype.kind not in "fc":
        return 0.0 if list(map(str, ours)) == list(map(str, theirs)) else float("inf")
    if ours.shape != theirs.shape:
        return float("inf")
    return float(np.max(np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs))))


def read_output(path, expected):
    """What the command wrote, read back: numbers from .npy, labels from .csv."""
    if path.suffix == ".npy":
        return np.load(path)
    return pd.read_csv(path, dtype=str, keep_default_na=False).iloc[:, -1].to_numpy()


def single_rows(data):
    if isinstance(data, pd.DataFrame):
        return [data.iloc[[index]] for index in range(len(data))]
    return [data[index:index + 1] for index in range(len(data))]


def time_per_row(function, rows, data):
    """Microseconds: (one row a call, median over all rows; per row when all are asked at once)."""
    for row in rows[:20]:
        function(row)
    singles = []
    for row in rows:
        begin = time.perf_counter()
        function(row)
        singles.append(time.perf_counter() - begin)
    batches = []
    for _ in range(5):
        begin = time.perf_counter()
        function(data)
        batches.append(time.perf_counter() - begin)
    return statistics.median(singles) * 1e6, statistics.median(batches) * 1e6 / len(rows)


def compare(base, command):
    file = base.with_suffix(".skops")
    data_file, data = data_of(base)
    expected = np.load(base.with_suffix(".expected.npz"), allow_pickle=False)
    print(f"\n==== {file.name}\n  audit:")
    print_some(run(command, "audit", file, allowed=(0, 1)))
    print("  show:")
    print_some(run(command, "show", file))

    worst = 0.0
    native = libskops.Model.load(file)
    for method in expected.files:
        numbers = expected[method].dtype.kind == "f"
        out = base.with_suffix(f".{method}.{'npy' if numbers else 'csv'}")
        run(command, "predict", file, data_file, "-m", method, "-o", out)
        of_command = difference(read_output(out, expected[method]), expected[method])
        of_python = difference(getattr(native, method)(data), expected[method])
        print(f"  {method}: largest difference from scikit-learn {of_command:.1e} (command), "
              f"{of_python:.1e} (Python), {len(data)} rows")
        worst = max(worst, of_command, of_python)

    model = skops.io.load(file, trusted=skops.io.get_untrusted_types(file=file))
    method, rows = expected.files[-1], single_rows(data)
    ours = time_per_row(getattr(native, method), rows, data)
    theirs = time_per_row(getattr(model, method), rows, data)
    for what, mine, its in zip(("one row", f"per row of {len(rows)}"), ours, theirs):
        print(f"  {method}, {what}: libskops {mine:.2f} µs, scikit-learn {its:.2f} µs "
              f"({its / mine:.0f} times)")
    return worst


def main(folder, command):
    bases = sorted(path.with_suffix("") for path in pathlib.Path(folder).glob("*.skops"))
    worst = max(compare(base, command) for base in bases)
    print(f"\nlargest difference of all: {worst:.1e}")
    return 0 if worst <= LARGEST_DIFFERENCE else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
