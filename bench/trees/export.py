"""Trains models and writes their nodes, some rows and scikit-learn's outputs for the benchmarks.

    python export.py FOLDER [rf et gb hgb iforest]

The format is what forest_bench.cpp reads: six int64 counts (trees, values per node, bytes per
record, rows, columns, outputs), of each tree its number of nodes, records and values, then the
rows and the outputs as float64. It also prints scikit-learn's own time per row.
"""

import struct
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.datasets import make_classification
from sklearn.ensemble import (ExtraTreesClassifier, GradientBoostingClassifier,
                              HistGradientBoostingClassifier, IsolationForest,
                              RandomForestClassifier)

X, y = make_classification(20000, 20, n_informative=12, random_state=0, flip_y=.05)
X_train, y_train = X[:15000], y[:15000]
X_test = np.ascontiguousarray(X[10000:])


def write(path, trees, values, outputs):
    with open(path, "wb") as file:
        file.write(struct.pack("<6q", len(trees), values[0].shape[1], trees[0].dtype.itemsize,
                               *X_test.shape, outputs.shape[1]))
        for nodes, value in zip(trees, values):
            file.write(struct.pack("<q", len(nodes)))
            file.write(nodes.tobytes())
            file.write(np.ascontiguousarray(value, dtype="f8").tobytes())
        file.write(X_test.astype("f8").tobytes())
        file.write(outputs.astype("f8").tobytes())


def write_trees(path, estimators, outputs):
    states = [estimator.tree_.__getstate__() for estimator in estimators]
    write(path, [s["nodes"] for s in states], [s["values"][:, 0, :] for s in states], outputs)


def timed(name, method):
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        out = method(X_test)
        best = min(best, time.perf_counter() - start)
    print(f"{name}: {best / len(X_test) * 1e6:.2f} us a row in scikit-learn")
    return out.reshape(len(X_test), -1)


def main(folder, names):
    folder = Path(folder)
    if "rf" in names:
        model = RandomForestClassifier(100, random_state=0).fit(X_train, y_train)
        write_trees(folder / "rf.bin", model.estimators_, timed("rf", model.predict_proba))
    if "et" in names:
        many, labels = make_classification(60000, 20, n_informative=12, random_state=0, flip_y=.05)
        model = ExtraTreesClassifier(500, random_state=0, n_jobs=2).fit(many, labels)
        model.n_jobs = 1
        write_trees(folder / "et.bin", model.estimators_, timed("et", model.predict_proba))
    if "iforest" in names:
        model = IsolationForest(n_estimators=100, random_state=0).fit(X_train)
        write_trees(folder / "iforest.bin", model.estimators_, timed("if", model.score_samples))
    if "gb" in names:
        model = GradientBoostingClassifier(n_estimators=100, random_state=0).fit(X_train, y_train)
        start = np.full((len(X_test), 1), model._raw_predict_init(X_test[:1])[0, 0])
        write_trees(folder / "gb.bin", model.estimators_[:, 0],
                    np.hstack([timed("gb", model.decision_function), start]))
    if "hgb" in names:
        model = HistGradientBoostingClassifier(max_iter=100, random_state=0).fit(X_train, y_train)
        nodes = [stage[0].nodes for stage in model._predictors]
        start = np.full((len(X_test), 1), model._baseline_prediction[0, 0])
        write(folder / "hgb.bin", nodes, [n["value"][:, None] for n in nodes],
              np.hstack([timed("hgb", model.decision_function), start]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:] or ["rf", "gb", "hgb", "iforest"])
