"""Hostile files through libskops.io with everything trusted that they ask for: a Python exception or an
object, never a crash, a hang or a warning of the memory's end. Each batch runs in a process of its own,
under limits of time and memory."""

import io
import json
import pathlib
import random
import subprocess
import sys
import textwrap
import warnings
import zipfile

import numpy as np
import pytest
import skops.io
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

import libskops.io as sio
from nodes import archive, mapping, node, plain, sequence

TESTS = pathlib.Path(__file__).parent.parent
CASES = TESTS / "cases"
X = np.round(np.random.RandomState(0).standard_normal((40, 4)), 2)
Y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0.5)

RUN = """
import json, pathlib, resource, sys, warnings
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
warnings.simplefilter("ignore")
import numpy as np
import sklearn
import libskops, libskops.io as sio
folder, = map(pathlib.Path, sys.argv[1:])
told = {"loaded": 0, "refused": 0}
for path in sorted(folder.iterdir()):
    print(path.name, file=sys.stderr, flush=True)  # the last one is the one that crashed
    try:
        trusted = sio.get_untrusted_types(file=path)
    except Exception:
        trusted = []
    try:
        made = sio.load(path, trusted=trusted)
        told["loaded"] += 1
    except Exception as error:
        told["refused"] += 1
        assert not isinstance(error, (MemoryError, SystemError)), repr(error)
        continue
    for method in ("predict", "predict_proba", "transform", "decision_function", "apply"):
        for data in (np.zeros((3, 4)), np.ones((2, 4), np.float32), ["one two", "three"]):
            try:
                getattr(made, method)(data)
            except Exception:
                pass
print(json.dumps(told))
"""


def run(folder, seconds=100):
    out = subprocess.run([sys.executable, "-c", RUN, str(folder)], capture_output=True, text=True,
                         timeout=seconds, env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})
    assert out.returncode == 0, (out.returncode, out.stderr[-600:])
    return json.loads(out.stdout)


def test_cases_of_the_tests(tmp_path):
    """All hostile files that the tests have: archives, schemas as archives, findings."""
    count = 0
    for path in sorted(CASES.rglob("*")):
        if path.suffix in (".zip", ".skops") and path.stat().st_size < 8 << 20:
            (tmp_path / f"{count:04}-{path.parent.name}-{path.name}").write_bytes(path.read_bytes())
            count += 1
        if path.suffix == ".json" and "schema" in path.parts and path.stat().st_size < 8 << 20:
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as file:
                file.writestr("schema.json", path.read_bytes())
            (tmp_path / f"{count:04}-{path.parent.name}-{path.stem}.skops").write_bytes(out.getvalue())
            count += 1
    assert count > 20
    told = run(tmp_path)
    assert told["loaded"] + told["refused"] == count and told["refused"] > 20


def models():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y)
        yield RandomForestClassifier(2, max_depth=3, random_state=np.random.RandomState(1)).fit(X, Y)
        yield GradientBoostingClassifier(n_estimators=2, max_depth=2).fit(X, Y)
        yield HistGradientBoostingClassifier(max_iter=2, categorical_features=[1]).fit(np.abs(X).round(), Y)
        yield KNeighborsClassifier().fit(X, Y)
        yield SVC(probability=True).fit(X, Y)
        yield OneHotEncoder().fit(X.round())
        yield TfidfVectorizer().fit(["one two", "two three"])


def numbers(value):
    """Other numbers than the one that is there."""
    return [0, 1, -1, 2**31, -2**31, 2**63 - 1, 10**6, 1.5, None, True, "", [], {}]


def changed_schema(schema, pick):
    """The schema with one place changed."""
    places = []

    def walk(value):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            places.append((value, key))
            if isinstance(item, (dict, list)):
                walk(item)

    walk(schema)
    owner, key = pick.choice(places)
    value = owner[key]
    choice = pick.randrange(6)
    if key == "content" and isinstance(value, str) or choice == 0:
        owner[key] = json.dumps(pick.choice(numbers(value)))
    elif choice == 1:
        owner[key] = pick.choice(numbers(value))
    elif choice == 2:
        other, place = pick.choice(places)
        owner[key] = json.loads(json.dumps(other[place]))
    elif choice == 3 and isinstance(owner, dict):
        del owner[key]
    elif choice == 4 and isinstance(value, list):
        pick.shuffle(value)
        owner[key] = value[:-1]
    else:
        other, place = pick.choice(places)
        owner[key], other[place] = other[place], owner[key]
    return schema


def changed_array(data, pick):
    """An array's bytes with some of them changed, or the array with other numbers."""
    choice = pick.randrange(3)
    if choice == 0:
        data = bytearray(data)
        for _ in range(pick.randrange(1, 4)):
            data[pick.randrange(len(data))] = pick.randrange(256)
        return bytes(data)
    array = np.load(io.BytesIO(data))
    if array.dtype.names and array.size:
        array[pick.choice(array.dtype.names)][pick.randrange(len(array))] = pick.choice([0, 1, 2, 99, 120])
    elif array.dtype.kind in "iuf" and array.size:
        array.flat[pick.randrange(array.size)] = pick.choice([0, 1, 5, 100])
    if choice == 2 and array.ndim and array.dtype.kind != "V":
        array = pick.choice([array[:1], array[..., :1], array.ravel(), array.astype("f4"),
                             np.concatenate([array, array])])
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


@pytest.mark.parametrize("model", list(models()), ids=lambda model: type(model).__name__)
def test_damaged_models(model, tmp_path):
    data = skops.io.dumps(model)
    for seed in range(250):
        pick = random.Random(seed)
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            arrays = [name for name in old.namelist() if name.endswith(".npy")]
            victim = pick.choice(arrays) if arrays and pick.random() < 0.5 else "schema.json"
            for name in old.namelist():
                member = old.read(name)
                if name == victim:
                    member = (json.dumps(changed_schema(json.loads(member), pick)).encode()
                              if name == "schema.json" else changed_array(member, pick))
                new.writestr(name, member)
        (tmp_path / f"{seed:04}.skops").write_bytes(out.getvalue())
    told = run(tmp_path)
    assert told["loaded"] + told["refused"] == 250 and told["refused"] > 20


def test_deep_nesting(tmp_path):
    """As deep as the schema's limit lets it be, in the kinds of node that take least JSON a level."""
    def nested(wrap, levels):
        root = plain(1)
        for _ in range(levels):
            root = wrap(root)
        return root

    wraps = {
        "list": lambda inner: sequence("list", inner),
        "tuple": lambda inner: sequence("tuple", inner),
        "dict": lambda inner: mapping({"a": inner}),
        "object": lambda inner: node("ObjectNode", "builtins.object", content=inner),
        "constructor": lambda inner: node("ConstructorFromReduceNode", "builtins.tuple", content=inner),
    }
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        for name, wrap in wraps.items():
            for levels in (100, 150, 310, 600, 2000):
                (tmp_path / f"{name}-{levels:04}.skops").write_bytes(archive(nested(wrap, levels)))
    finally:
        sys.setrecursionlimit(limit)
    assert run(tmp_path)["refused"] >= 10


def test_deep_lists_are_built():
    root = plain(1)
    for _ in range(300):
        root = sequence("list", root)
    made = sio.loads(archive(root))
    for _ in range(300):
        made, = made
    assert made == 1


def test_in_a_thread_with_a_small_stack(tmp_path):
    code = textwrap.dedent("""
        import sys, threading, libskops.io as sio
        threading.stack_size(512 << 10)
        def work():
            try: sio.load(sys.argv[1])
            except Exception as e: print(type(e).__name__)
        t = threading.Thread(target=work); t.start(); t.join(); print("alive")
    """)
    root = plain(1)
    for _ in range(310):
        root = sequence("list", root)
    path = tmp_path / "deep.skops"
    path.write_bytes(archive(root))
    out = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True)
    assert out.stdout.endswith("alive\n"), (out.returncode, out.stderr[-300:])
