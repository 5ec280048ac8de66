"""Writes ../cases: models dumped by the released skops, inputs, and the outputs of the Python class.

A folder holds model.skops and input.txt (rows of numbers); accept-*: one text file a method, a row a
line; reject-*: code.txt, the error's code.
"""

import pathlib
import sys

import numpy as np
import skops.io

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from acme_outliers import MadDetector  # noqa: E402

CASES = pathlib.Path(__file__).parent.parent / "cases"
METHODS = ("score_samples", "decision_function", "predict")


def text(rows):
    rows = np.asarray(rows)
    rows = rows.reshape(len(rows), -1)
    return "".join(" ".join(repr(value.item()) for value in row) + "\n" for row in rows)


def write(name, model, x, code=None):
    folder = CASES / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.skops").write_bytes(skops.io.dumps(model))
    (folder / "input.txt").write_text(text(x))
    if code:
        (folder / "code.txt").write_text(code + "\n")
    else:
        for method in METHODS:
            (folder / f"{method}.txt").write_text(text(getattr(model, method)(x)))


def main():
    rng = np.random.default_rng(7)
    train = rng.normal(size=(60, 4))
    x = rng.normal(size=(25, 4)) * np.linspace(0.5, 4, 25)[:, None]
    write("accept-default", MadDetector().fit(train), x)
    write("accept-one-column", MadDetector(threshold=1).fit(train[:, :1]), x[:, :1])
    write("accept-constant-column", MadDetector().fit(np.c_[train, np.ones(60)]),
          np.c_[x, np.linspace(-9, 9, 25)])

    def broken(**attributes):
        model = MadDetector().fit(train)
        for name, value in attributes.items():
            setattr(model, name, value)
        return model

    write("reject-zero-scale", broken(scale_=np.zeros(4)), x, "model.malformed")
    write("reject-short-scale", broken(scale_=np.ones(3)), x, "model.malformed")
    write("reject-text-center", broken(center_="far"), x, "model.malformed")
    write("reject-nan-threshold", broken(threshold=float("nan")), x, "model.malformed")
    write("reject-other-width", broken(n_features_in_=5), x, "model.malformed")
    write("reject-unfitted", MadDetector(), x, "model.unsupported")
    nan = x.copy()
    nan[3, 1] = np.nan
    write("reject-nan-input", MadDetector().fit(train), nan, "input.invalid")
    write("reject-narrow-input", MadDetector().fit(train), x[:, :3], "input.invalid")


if __name__ == "__main__":
    main()
