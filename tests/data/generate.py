"""Writes the cases of table.py with the scikit-learn and skops of the running environment:
`generate.py FOLDER [--force] [NAME...]`.

For each case FOLDER/<case>/model.skops, written by that skops, and case.json:
  estimator, versions, input, expected {method: output}, tolerance {rtol, atol}
  inputs {method: input}: only for methods that do not take `input` (inverse_transform).
Arrays are JSON: see `encode`. Expected outputs are those of the scikit-learn that wrote the file, and
generation fails if the file does not give the same after released skops has loaded it again.
Existing cases are kept unless --force: object ids make each dump differ in its bytes.
"""

import json
import math
import os
import pathlib
import shutil
import sys
import warnings
import zipfile

import numpy as np
import pandas as pd
import scipy
import scipy.sparse as sp
import sklearn
import skops
import skops.io

import datasets
import table

METHODS = ("predict", "predict_proba", "predict_log_proba", "predict_joint_log_proba",
           "decision_function", "score_samples", "transform", "apply", "decision_path",
           "kneighbors", "kneighbors_graph", "staged_predict", "staged_predict_proba",
           "staged_decision_function")
LARGEST_MODEL = 40_000
LARGEST_STORED = 16_000
VERSION = tuple(int(part) for part in sklearn.__version__.split(".")[:2])


def scalar(value):
    """JSON has no NaN, no infinities and no None among strings of its own kind."""
    if isinstance(value, (float, np.floating)):
        value = float(value)
        if math.isnan(value):
            return "nan"
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
        return value
    if value is None or isinstance(value, (str, bool, np.bool_)):
        return bool(value) if isinstance(value, np.bool_) else value
    if isinstance(value, (int, np.integer)):
        return int(value)
    raise TypeError(type(value))


def dtype_name(dtype):
    dtype = np.dtype(dtype)
    return dtype.str.lstrip("<>=|") if dtype.kind in "US" else dtype.name


def flat(array):
    """Missing strings are null, whether None or NaN stood there: `missing` says which."""
    return [scalar(value) for value in np.asarray(array).ravel().tolist()]


def encode_column(name, series):
    if isinstance(series.dtype, pd.CategoricalDtype):
        return {"name": name, "dtype": "category",
                "categories": [scalar(value) for value in series.cat.categories],
                "data": [None if pd.isna(v) else scalar(v) for v in series.tolist()]}
    if series.dtype.kind in "fiub":
        return {"name": name, "dtype": dtype_name(series.dtype), "data": flat(series.to_numpy())}
    return {"name": name, "dtype": "object",
            "data": [None if pd.isna(value) else scalar(value) for value in series.tolist()]}


def encode(value):
    """dense: {"kind": "dense", "dtype", "shape", "data" in C order}; csr: {"kind": "csr", "dtype",
    "shape", "data", "indices", "indptr"}; text: {"kind": "text", "data"}; table: {"kind": "table",
    "columns": [{"name", "dtype", "data", "categories"}]}; list and tuple: {"kind", "items"}.
    NaN and the infinities are the strings "nan", "inf", "-inf" (also NaN among strings); None is
    null, as is a missing value of a table's text column."""
    if sp.issparse(value):
        # Other formats (CSC from a one-hot discretizer, say) hold the same numbers.
        rows = value.tocsr()
        rows.sort_indices()
        return {"kind": "csr", "dtype": dtype_name(rows.dtype), "shape": list(rows.shape),
                "data": flat(rows.data), "indices": flat(rows.indices),
                "indptr": flat(rows.indptr), "format": value.format}
    if isinstance(value, pd.DataFrame):
        return {"kind": "table",
                "columns": [encode_column(name, value[name]) for name in value.columns]}
    if isinstance(value, np.ndarray):
        return {"kind": "dense", "dtype": dtype_name(value.dtype), "shape": list(value.shape),
                "data": flat(value)}
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return {"kind": "text", "data": value}
    if isinstance(value, (list, tuple)):
        return {"kind": type(value).__name__, "items": [encode(item) for item in value]}
    raise TypeError(type(value))


def call(model, method, data):
    result = getattr(model, method)(data)
    return list(result) if method.startswith("staged_") else result


def answers(model, case, asked):
    """({method: output}, {method: its own input})."""
    outputs, inputs = {}, {}
    for method in METHODS:
        if method not in case.skip and hasattr(model, method):
            outputs[method] = call(model, method, asked)
    if hasattr(model, "inverse_transform") and "inverse_transform" not in case.skip:
        # Copies, because OrdinalEncoder writes into its argument; and in the order in which `encode`
        # stores it, because vectorizers answer in the order of the stored entries.
        transformed = outputs["transform"].copy()
        if sp.issparse(transformed):
            transformed.sort_indices()
        try:
            outputs["inverse_transform"] = model.inverse_transform(transformed.copy())
            inputs["inverse_transform"] = transformed
        except (ValueError, AttributeError, NotImplementedError):
            pass  # a transformer that cannot go back as it was fitted (SimpleImputer's default)
    return outputs, inputs


def fit(case):
    x, y, asked = getattr(datasets, case.data)()
    model = case.make()
    if type(model).__name__ in ("LabelEncoder", "LabelBinarizer") or y is None:
        return model.fit(x), asked
    return model.fit(x, y), asked


def dump(model, path, number):
    """Stored, deflated, or (now and then) with the other two methods that skops can write."""
    kind = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)[number % 2]
    if number % 25 == 7:
        kind = zipfile.ZIP_BZIP2
    if number % 25 == 18:
        kind = zipfile.ZIP_LZMA
    skops.io.dump(model, path, compression=kind)
    if path.stat().st_size > LARGEST_STORED and kind == zipfile.ZIP_STORED:
        skops.io.dump(model, path, compression=zipfile.ZIP_DEFLATED, compresslevel=9)
    if path.stat().st_size > LARGEST_MODEL:
        raise ValueError(f"{path.stat().st_size} bytes are too many")


def agree(left, right, tolerance):
    """The same encoded values; numbers to the tolerance (products of a loaded array may be summed in
    another order, as its layout in memory differs)."""
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(
            agree(left[key], right[key], tolerance) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(
            agree(a, b, tolerance) for a, b in zip(left, right))
    if isinstance(left, float) and isinstance(right, float):
        return abs(left - right) <= tolerance[1] + tolerance[0] * abs(right)
    return left == right


def write(case, number, folder):
    model, asked = fit(case)
    outputs, inputs = answers(model, case, asked)
    if not outputs:
        raise ValueError("has no method to ask")
    text = {
        "estimator": type(model).__name__,
        "versions": {"scikit-learn": sklearn.__version__, "skops": skops.__version__,
                     "numpy": np.__version__, "scipy": scipy.__version__},
        "input": encode(asked),
        "inputs": {method: encode(value) for method, value in inputs.items()},
        "expected": {method: encode(value) for method, value in outputs.items()},
        "tolerance": {"rtol": case.tolerance[0], "atol": case.tolerance[1]},
    }
    folder.mkdir(parents=True)
    path = folder / "model.skops"
    dump(model, path, number)
    loaded = skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))
    again, _ = answers(loaded, case, asked)
    if not agree({m: encode(v) for m, v in again.items()}, text["expected"], case.tolerance):
        raise ValueError("the loaded file answers differently")
    members = ",\n".join(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
                         for key, value in text.items())
    (folder / "case.json").write_text("{\n" + members + "\n}\n", encoding="utf-8")


def main(arguments):
    force = "--force" in arguments
    base, *names = [argument for argument in arguments if argument != "--force"]
    base = pathlib.Path(base)
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    written, absent, failed = 0, [], []
    for number, case in enumerate(table.CASES):
        if names and case.name not in names:
            continue
        if not case.since <= VERSION <= case.until:
            absent.append(case.name)
            continue
        folder = base / case.name
        if folder.exists():
            if not force:
                continue
            shutil.rmtree(folder)
        try:
            write(case, number, folder)
            written += 1
        except Exception as error:  # every case is tried; the list is the result
            shutil.rmtree(folder, ignore_errors=True)
            failed.append(case.name)
            print(f"  {case.name}: {type(error).__name__}: {str(error)[:200]}")
    print(f"{base.name}: scikit-learn {sklearn.__version__}, skops {skops.__version__}: "
          f"{written} written, {len(failed)} failed")
    print(f"  not in this version: {', '.join(absent) or 'none'}")
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main(sys.argv[1:]))
