"""Models of libraries beside scikit-learn, each of which is trusted by its name: both ways, same predictions.

Skipped by name where a library is not installed; `scripts/test --all` has them all.
"""

import numpy as np
import pytest
import skops.io

import libskops
import libskops.io as sio

X = np.random.RandomState(0).rand(80, 4)
CLASSES = (X[:, 0] > 0.5).astype(int)
NUMBERS = X[:, 1] * 3 + X[:, 2]
QUIET = {"iterations": 3, "verbose": False, "allow_writing_files": False}


def xgboost(name, **kwargs):
    return lambda lib: getattr(lib, name)(n_estimators=3, **kwargs)


def lightgbm(name, **kwargs):
    return lambda lib: getattr(lib, name)(n_estimators=3, verbose=-1, **kwargs)


def group(fit):
    return lambda model: model.fit(X, CLASSES, **fit)


# library, name, how it is made, how it is fitted
MODELS = [
    *(("xgboost", name, xgboost(name), None) for name in
      ("XGBClassifier", "XGBRFClassifier", "XGBRegressor", "XGBRFRegressor")),
    ("xgboost", "XGBRanker", xgboost("XGBRanker"), group({"group": [20] * 4})),
    ("xgboost", "XGBClassifier of three", xgboost("XGBClassifier"),
     lambda model: model.fit(X, (3 * X[:, 0]).astype(int))),
    ("xgboost", "Booster", lambda lib: lib.train({"max_depth": 2}, lib.DMatrix(X, NUMBERS), 3), lambda model: model),
    *(("lightgbm", name, lightgbm(name), None) for name in ("LGBMClassifier", "LGBMRegressor")),
    ("lightgbm", "LGBMRanker", lightgbm("LGBMRanker"), group({"group": [20] * 4})),
    ("lightgbm", "Booster", lightgbm("LGBMRegressor"), lambda model: model.fit(X, NUMBERS).booster_),
    *(("catboost", name, lambda lib, name=name: getattr(lib, name)(**QUIET), None) for name in
      ("CatBoostClassifier", "CatBoostRegressor")),
    ("catboost", "CatBoost", lambda lib: lib.CatBoost(QUIET), None),
    ("catboost", "CatBoostRanker", lambda lib: lib.CatBoostRanker(**QUIET),
     group({"group_id": np.repeat(range(4), 20)})),
    *(("quantile_forest", name, lambda lib, name=name: getattr(lib, name)(n_estimators=3), None) for name in
      ("RandomForestQuantileRegressor", "ExtraTreesQuantileRegressor")),
]


def predictions(model, lib):
    x = lib.DMatrix(X) if type(model).__module__ == "xgboost.core" else X
    return [getattr(model, name)(x) for name in ("predict", "predict_proba") if hasattr(model, name)]


@pytest.mark.parametrize("library, name, make, fit", MODELS, ids=[f"{m[0]}-{m[1]}" for m in MODELS])
def test_models(library, name, make, fit):
    lib = pytest.importorskip(library)
    model = make(lib)
    if not name.endswith("Booster"):
        data = sio.dumps(model)
        again = sio.loads(data, trusted=[library])
        assert type(again) is type(model) and again.get_params() == pytest.approx(
            model.get_params(), nan_ok=True)
    model = fit(model) if fit else model.fit(X, CLASSES if "Classifier" in name else NUMBERS)
    data, theirs = sio.dumps(model), skops.io.dumps(model)
    assert sio.dumps(model) == data and len(data) < len(theirs)
    with pytest.raises(sio.UntrustedTypesFoundException, match=library):
        sio.loads(data)
    assert not libskops.audit(data, trust=[library]).untrusted
    checked = {"sklearn.tree._tree.Tree"}
    names = set(skops.io.get_untrusted_types(data=data))
    assert names - checked == set(sio.get_untrusted_types(data=data)) - checked
    for made in (sio.loads(data, trusted=[library]), sio.loads(theirs, trusted=[library]),
                 skops.io.loads(data, trusted=sorted(names))):
        assert type(made) is type(model)
        for expected, got in zip(predictions(model, lib), predictions(made, lib)):
            assert (expected == got).all()


@pytest.mark.parametrize("library", ["xgboost", "lightgbm", "catboost", "quantile_forest"])
def test_names_are_real(library):
    """What a manifest declares is there in the newest release."""
    import importlib
    import json
    import pathlib

    pytest.importorskip(library)
    root = pathlib.Path(__file__).resolve().parents[2]
    for group in json.loads((root / f"plugins/{library}/declarations.json").read_text())["types"]:
        assert group["trust"] == "opt-in"
        for module in group["modules"]:
            for name in group["names"]:
                assert isinstance(getattr(importlib.import_module(module), name), type)
