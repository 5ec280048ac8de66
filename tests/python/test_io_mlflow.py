"""mlflow's models of scikit-learn in skops' format, with libskops.io in place of skops.io."""

import operator
import sys

import numpy as np
import pytest
import skops
import skops.io
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import libskops.io as sio

mlflow = pytest.importorskip("mlflow", reason="mlflow is not installed")
pytest.importorskip("mlflow.sklearn")

X = np.random.default_rng(3).normal(size=(80, 4))
Y = np.where(X[:, 0] + X[:, 1] > 0, "yes", "no")
MODELS = {
    "linear": LogisticRegression(),
    "pipeline": make_pipeline(make_column_transformer((StandardScaler(), [0, 2])),
                              LogisticRegression()),
    "forest": RandomForestClassifier(10, random_state=0),
    "boosting": GradientBoostingClassifier(n_estimators=5, random_state=0),
}


@pytest.fixture(autouse=True)
def tracking(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "true")
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/mlflow.db")
    yield
    mlflow.set_tracking_uri(None)


@pytest.fixture(params=["functions", "module"])
def in_place(request, monkeypatch):
    """Counts the calls, however libskops.io got into the place of skops.io."""
    calls = []

    def counted(name):
        def call(*args, **kwargs):
            calls.append(name)
            return getattr(sio, name)(*args, **kwargs)
        return call

    if request.param == "functions":
        for name in ("dump", "load"):
            monkeypatch.setattr(skops.io, name, counted(name))
    else:
        module = type(sys)("skops.io")
        vars(module).update({name: getattr(sio, name) for name in sio.__all__})
        module.dump, module.load = counted("dump"), counted("load")
        monkeypatch.setattr(skops, "io", module)
        monkeypatch.setitem(sys.modules, "skops.io", module)
        monkeypatch.setitem(sys.modules, "skops.io.exceptions", sio.exceptions)
    return calls


@pytest.mark.parametrize("name", MODELS)
def test_log_and_load(name, in_place):
    model = MODELS[name].fit(X, Y)
    with mlflow.start_run():
        info = mlflow.sklearn.log_model(model, name="model", serialization_format="skops")
    assert "dump" in in_place and "load" in in_place
    in_place.clear()
    loaded = mlflow.sklearn.load_model(info.model_uri)
    assert in_place == ["load"] and type(loaded) is type(model)
    assert (loaded.predict_proba(X) == model.predict_proba(X)).all()
    assert (mlflow.pyfunc.load_model(info.model_uri).predict(X) == model.predict(X)).all()


def test_untrusted_types_are_mlflows_error(tmp_path, in_place):
    model = make_pipeline(FunctionTransformer(operator.methodcaller("round", 1)),
                          LogisticRegression()).fit(X, Y)
    with pytest.raises(mlflow.MlflowException, match="untrusted types.*operator.methodcaller"):
        mlflow.sklearn.save_model(model, tmp_path / "one", serialization_format="skops")
    mlflow.sklearn.save_model(model, tmp_path / "two", serialization_format="skops",
                              skops_trusted_types=["operator.methodcaller"])
    loaded = mlflow.sklearn.load_model(str(tmp_path / "two"))
    assert (loaded.predict(X) == model.predict(X)).all()


def test_files_go_both_ways(tmp_path, monkeypatch):
    model = MODELS["forest"].fit(X, Y)
    trees = ["sklearn.tree._tree.Tree"]
    mlflow.sklearn.save_model(model, tmp_path / "theirs", serialization_format="skops",
                              skops_trusted_types=trees)
    with monkeypatch.context() as patch:
        for name in ("dump", "load"):
            patch.setattr(skops.io, name, getattr(sio, name))
        mlflow.sklearn.save_model(model, tmp_path / "ours", serialization_format="skops",
                                  skops_trusted_types=trees)
        theirs = mlflow.sklearn.load_model(str(tmp_path / "theirs"))
    ours = mlflow.sklearn.load_model(str(tmp_path / "ours"))
    assert (theirs.predict_proba(X) == ours.predict_proba(X)).all()
