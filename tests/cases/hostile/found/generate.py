"""Writes the files of this folder that are fitted models with one value changed; list.tsv, which says what
each of them is, names the others, too. Needs scikit-learn and skops; the results are committed.

    python generate.py
"""

import io
import pathlib
import sys
import warnings

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from hostile_files import Saved, plain  # noqa: E402

warnings.filterwarnings("ignore")


def without(saved, name):
    attributes = saved.schema["content"]
    del attributes["content"][name]
    attributes["key_types"]["content"].pop()


def claims(saved, names, number):
    attributes = saved.schema["content"]["content"]
    for name in names:
        assert name in attributes
        attributes[name] = plain(number)


def main():
    from sklearn.datasets import load_iris
    from sklearn.ensemble import (BaggingClassifier, HistGradientBoostingRegressor,
                                  RandomForestRegressor)
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.preprocessing import Binarizer, FunctionTransformer
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    x, y = load_iris(return_X_y=True)

    bagging = Saved(BaggingClassifier(DecisionTreeClassifier(max_depth=2), n_estimators=2,
                                      max_features=0.5, random_state=0).fit(x, y))
    without(bagging, "n_features_in_")
    bagging.write(HERE / "bagging-without-width.skops")

    # As they are: it is the table without columns that has no first one to look at.
    import numpy as np
    Saved(FunctionTransformer(np.log1p)).write(HERE / "function-transformer-of-no-columns.skops")
    Saved(Binarizer()).write(HERE / "binarizer-of-no-columns.skops")

    # As no NumPy makes them: texts that have room for no letter.
    labels = Saved(LogisticRegression().fit(x, y))
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<U0", "fortran_order": False, "shape": (3,)})
    member = labels.schema["content"]["content"]["classes_"]["file"]
    labels.members[member] = header.getvalue()
    labels.write(HERE / "labels-without-letters.skops")

    targets = Saved(LinearRegression().fit(x, np.c_[y, y]))
    without(targets, "n_features_in_")
    attributes = targets.schema["content"]["content"]
    attributes["coef_"] = targets.add_array(np.zeros((2**30, 0)))
    attributes["intercept_"] = plain(0.0)
    targets.write(HERE / "linear-claims-targets.skops")

    for file, model, names, number in (
            ("histogram-claims-features", HistGradientBoostingRegressor(max_iter=2),
             ["n_features_in_", "_n_features"], 2**30),
            ("tree-claims-outputs", DecisionTreeRegressor(max_depth=2), ["n_outputs_"], 2**24),
            ("forest-claims-outputs", RandomForestRegressor(2, max_depth=2), ["n_outputs_"], 2**24)):
        saved = Saved(model.set_params(random_state=0).fit(x, y))
        claims(saved, names, number)
        saved.write(HERE / f"{file}.skops")


if __name__ == "__main__":
    main()
