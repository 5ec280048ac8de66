"""Runs the built command; models and odd files that its tests share."""

import json
import pathlib
import pickle
import subprocess
import zipfile

import numpy as np
import pandas as pd
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder, OneHotEncoder, StandardScaler

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND = ROOT / "build/bin/libskops"
DOCUMENTS = ["red apples and pears", "blue sky, blue sea", "apples fall from trees", "", "the sea is wide",
             "a “quoted” word, naïve café", "sky sky sky"]


def run(*arguments, stdin=b"", folder=None, env=None):
    """The finished process; standard output and error as bytes."""
    return subprocess.run([str(COMMAND), *map(str, arguments)], input=stdin, capture_output=True,
                          cwd=folder, env=env, timeout=120)


def frame():
    random = np.random.RandomState(0)
    table = pd.DataFrame({"age": random.randint(18, 90, 60).astype(float),
                          "height": random.normal(170, 9, 60),
                          "colour": random.choice(["red", "dark, blue", 'so-called "green"'], 60)})
    table.loc[3, "age"] = np.nan
    table.loc[5, "colour"] = np.nan
    return table


def models():
    """name -> (fitted estimator, what to ask)"""
    x, y = load_iris(return_X_y=True)
    names = load_iris().target_names[y]
    table = frame()
    numbers = pd.DataFrame(x, columns=["sl", "sw", "pl", "pw"])
    columns = ColumnTransformer([
        ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), ["age", "height"]),
        ("words", OneHotEncoder(handle_unknown="ignore"), ["colour"])])
    return {
        "iris": (LogisticRegression(max_iter=1000).fit(x, names), x),
        "named": (make_pipeline(StandardScaler(), LogisticRegression()).fit(numbers, y == 1), numbers),
        "columns": (make_pipeline(columns, LogisticRegression(max_iter=1000)).fit(table, np.arange(60) % 3), table),
        "regression": (LinearRegression().fit(x, np.c_[y, x[:, 0]]), x),
        "texts": (make_pipeline(TfidfVectorizer(), MultinomialNB()).fit(DOCUMENTS, list("abcabca")),
                  DOCUMENTS),
        "counts": (CountVectorizer().fit(DOCUMENTS), DOCUMENTS),
        "labels": (LabelEncoder().fit(names), names),
        "onehot": (OneHotEncoder(handle_unknown="ignore").fit(table[["colour"]]), table[["colour"]]),
        "neighbours": (KNeighborsClassifier(3).fit(x, y), x),
        "scaler": (StandardScaler().fit(x), x),
        "mixed": (LogisticRegression(max_iter=1000).fit(x, np.array(["a", "b", "c"], dtype=object)[y]), x),
    }


def schema_file(path, root):
    root = {**root, "protocol": 2, "_skops_version": "0.16.0"}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("schema.json", json.dumps(root))


def name_node(module, cls, loader, **more):
    return {"__class__": cls, "__module__": module, "__loader__": loader, **more}


def write_odd_files(folder):
    """Whatever else people and attackers hand in."""
    (folder / "empty").write_bytes(b"")
    (folder / "noise").write_bytes(b"This is no archive at all.\n" * 10)
    (folder / "pickle.skops").write_bytes(pickle.dumps({"a": 1}))
    (folder / "a-folder").mkdir()
    whole = (folder / "iris.skops").read_bytes()
    (folder / "cut.skops").write_bytes(whole[:-40])
    with zipfile.ZipFile(folder / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    schema_file(folder / "system.skops", name_node("os", "system", "FunctionNode"))
    schema_file(folder / "strange.skops", name_node("builtins", "list", "ListNode", content=[
        name_node("builtins", "eval", "FunctionNode"),
        name_node("mycompany.models", "Thing", "ObjectNode"),
        name_node("ev\u0456l", "Thing", "TypeNode"),
        name_node("x", "Y", "FancyNode")]))


def write_models(folder):
    for name, (model, asked) in models().items():
        skops.io.dump(model, folder / f"{name}.skops")
        if isinstance(asked, pd.DataFrame):
            asked.to_csv(folder / f"{name}.csv", index=False)
        elif isinstance(asked, list):
            (folder / f"{name}.txt").write_text("\n".join(asked) + "\n", encoding="utf-8")
        else:
            np.save(folder / f"{name}.npy", asked)
