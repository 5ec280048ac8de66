"""Trains the demo's models and dumps them with the released skops: `demo_models.py FOLDER`.

Data sets are those that scikit-learn ships; the texts are docstrings of installed packages, labelled
by the package they come from. For each model FOLDER/<name>.skops, rows it has never seen in
FOLDER/<name>.{csv,txt,npy}, and FOLDER/<name>.expected.npz with scikit-learn's own outputs.
"""

import ast
import importlib.util
import pathlib
import sys

import numpy as np
import pandas as pd
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

PACKAGES = {"numpy": ("ma", "lib", "polynomial"), "scipy": ("stats", "optimize", "sparse"),
            "sklearn": ("linear_model", "ensemble", "metrics", "preprocessing", "cluster"),
            "pandas": ("core",)}


def columns():
    """Tumours: four measurements with gaps, and two that a doctor wrote down as words."""
    data = load_breast_cancer(as_frame=True)
    frame = data.frame[["mean radius", "mean smoothness", "mean compactness", "worst area"]].copy()
    gaps = np.random.RandomState(0).random_sample(frame.shape) < 0.05
    frame = frame.mask(gaps)
    frame["texture"] = pd.qcut(data.frame["mean texture"], 4,
                               labels=["fine", "medium", "coarse", "very coarse"]).astype(object)
    frame["symmetry"] = np.where(data.frame["mean symmetry"] > 0.19, "asymmetric", "symmetric")
    labels = data.target_names[data.target]
    numbers, words = list(frame.columns[:4]), ["texture", "symmetry"]
    model = make_pipeline(
        ColumnTransformer([
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
            ("words", OneHotEncoder(handle_unknown="ignore", sparse_output=False), words)]),
        HistGradientBoostingClassifier(random_state=0))
    fitted, asked, y, _ = train_test_split(frame, labels, random_state=0, test_size=0.4)
    return model.fit(fitted, y), asked, ("predict", "predict_proba")


def docstrings(package, parts):
    folder = pathlib.Path(importlib.util.find_spec(package).origin).parent
    for part in parts:
        for path in sorted((folder / part).rglob("*.py")):
            if "tests" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)):
                    text = ast.get_docstring(node)
                    if text and len(text) > 80:
                        yield " ".join(text.split())


def texts():
    """From which package is this docstring?"""
    documents, labels = [], []
    for package, parts in PACKAGES.items():
        found = list(dict.fromkeys(docstrings(package, parts)))[:1200]
        documents += found
        labels += [package] * len(found)
    model = make_pipeline(TfidfVectorizer(min_df=2), LogisticRegression(max_iter=300))
    fitted, asked, y, _ = train_test_split(documents, labels, random_state=0, test_size=0.25)
    return model.fit(fitted, y), asked, ("predict", "predict_proba")


def forest():
    """How a patient's diabetes goes on in the next year."""
    data = load_diabetes()
    fitted, asked, y, _ = train_test_split(data.data, data.target, random_state=0, test_size=0.4)
    return RandomForestRegressor(random_state=0).fit(fitted, y), asked, ("predict",)


def write_data(asked, base):
    if isinstance(asked, pd.DataFrame):
        asked.to_csv(f"{base}.csv", index=False)
    elif isinstance(asked, list):
        pathlib.Path(f"{base}.txt").write_text("\n".join(asked) + "\n", encoding="utf-8")
    else:
        np.save(f"{base}.npy", asked)


def main(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(exist_ok=True)
    for make in (columns, texts, forest):
        name = make.__name__
        model, asked, methods = make()
        base = folder / name
        skops.io.dump(model, f"{base}.skops")
        write_data(asked, base)
        np.savez(f"{base}.expected.npz", **{m: getattr(model, m)(asked) for m in methods})
        print(f"{name}: {make.__doc__} {len(asked)} rows to ask, "
              f"{pathlib.Path(f'{base}.skops').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(sys.argv[1])
