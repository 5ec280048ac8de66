"""Round trips of every format against NumPy, SciPy, pandas and scikit-learn."""

import io
import json
import os
import stat

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

import command
from command import run


@pytest.fixture(scope="session")
def models():
    return command.models()


def predict(folder, model, data, *options, stdin=b""):
    done = run("predict", f"{model}.skops", data, *options, stdin=stdin, folder=folder)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def read_csv(text, **more):
    return pd.read_csv(io.BytesIO(text), **more)


def assert_equal(ours, theirs):
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape
    if theirs.dtype.kind in "fc":
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
    else:
        assert ours.tolist() == theirs.tolist()


DATA_OF = {"iris": "iris.npy", "named": "named.csv", "columns": "columns.csv", "regression": "iris.npy",
           "texts": "texts.txt", "labels": "labels.npy", "scaler": "iris.npy", "mixed": "iris.npy",
           "neighbours": "iris.npy"}
CASES = [("iris", "predict"), ("iris", "predict_proba"), ("iris", "decision_function"),
         ("named", "predict"), ("named", "predict_proba"), ("named", "decision_function"),
         ("columns", "predict"), ("columns", "predict_log_proba"), ("regression", "predict"),
         ("texts", "predict"), ("texts", "predict_proba"), ("labels", "transform"),
         ("scaler", "transform"), ("mixed", "predict"), ("neighbours", "predict_proba")]


@pytest.mark.parametrize("name,method", CASES)
def test_outputs_equal_scikit_learns(name, method, folder, models, tmp_path):
    model, asked = models[name]
    expected = getattr(model, method)(asked)
    out = tmp_path / "out.npy"
    predict(folder, name, DATA_OF[name], "-m", method, "-o", out)
    array = np.load(out)
    assert_equal(array, expected)
    if expected.dtype.kind != "O":
        assert array.dtype == expected.dtype
    # The same numbers, to the last bit, in every other format.
    table = read_csv(predict(folder, name, DATA_OF[name], "-m", method))
    columns = [table[column].to_numpy() for column in table]
    assert np.array_equal(np.column_stack(columns) if expected.ndim == 2 else columns[0], array)
    told = json.loads(predict(folder, name, DATA_OF[name], "-m", method, "--json"))
    assert told["columns"] == list(table.columns)
    assert told["result"]["shape"] == list(expected.shape)
    assert np.array_equal(np.array(told["result"]["data"]), array)
    if expected.ndim == 1:
        lines = predict(folder, name, DATA_OF[name], "-m", method, "--to", "txt").decode().splitlines()
        assert np.array_equal(np.array(lines).astype(array.dtype) if array.dtype.kind != "b"
                              else np.array(lines) == "True", array)
    if expected.ndim == 2:
        predict(folder, name, DATA_OF[name], "-m", method, "-o", tmp_path / "out.npz")
        assert np.array_equal(sp.load_npz(tmp_path / "out.npz").toarray(), array)


HEADERS = {("iris", "predict"): ["predict"], ("iris", "predict_proba"): ["setosa", "versicolor", "virginica"],
           ("iris", "decision_function"): ["setosa", "versicolor", "virginica"],
           ("named", "predict_proba"): ["False", "True"], ("named", "decision_function"): ["decision_function"],
           ("columns", "predict_proba"): ["0", "1", "2"], ("regression", "predict"): ["predict_0", "predict_1"],
           ("scaler", "transform"): [f"transform_{k}" for k in range(4)]}


@pytest.mark.parametrize("name,method", HEADERS)
def test_header_rows(name, method, folder):
    header = predict(folder, name, DATA_OF[name], "-m", method).decode().splitlines()[0]
    assert header.split(",") == HEADERS[name, method]


ARRAYS = {
    "float64": lambda x: x, "float32": lambda x: x.astype("f4"), "float16": lambda x: x.astype("f2"),
    "big-endian": lambda x: x.astype(">f8"), "big-endian-int": lambda x: x.astype(">i4"),
    "int64": lambda x: x.astype("i8"), "uint8": lambda x: x.astype("u1"), "int16": lambda x: x.astype("i2"),
    "bool": lambda x: x > 3, "fortran": np.asfortranarray, "one-row": lambda x: x[:1],
    "big-endian-fortran": lambda x: np.asfortranarray(x.astype(">f4"))}


@pytest.mark.parametrize("name", ARRAYS)
def test_every_dtype_and_order_is_read(name, folder, models, tmp_path):
    asked = ARRAYS[name](models["iris"][1])
    predict(folder, "iris", "-", "--from", "npy", "-m", "decision_function", "-o", tmp_path / "o.npy",
            stdin=npy(asked))
    expected = models["iris"][0].decision_function(asked)
    exact = name not in ("float32", "float16", "big-endian-fortran")  # scikit-learn's own float32 sums
    np.testing.assert_allclose(np.load(tmp_path / "o.npy"), expected, rtol=1e-9 if exact else 1e-4)


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_of_npy_is_read(version, folder, models):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, models["iris"][1], version=version)
    ours = predict(folder, "iris", "-", "--from", "npy", stdin=stream.getvalue())
    assert ours == predict(folder, "iris", "iris.npy")


@pytest.mark.parametrize("order", ["<", ">"])
def test_text_arrays_are_read(order, folder, models):
    asked = np.array(["a1", "naïve café", "sky \U0001f600 blue", ""], dtype=f"{order}U12")
    ours = read_csv(predict(folder, "texts", "-", "--from", "npy", "-m", "predict_proba", stdin=npy(asked)))
    assert_equal(ours.to_numpy(), models["texts"][0].predict_proba(list(map(str, asked))))


REFUSED = {
    "object": (np.array([["a", 1.0]], dtype=object), "pickle"), "complex": (np.ones((2, 4), "c16"), "dtype"),
    "bytes": (np.array([b"a"]), "bytes"), "dates": (np.zeros((2, 4), "M8[s]"), "dtype"),
    "records": (np.zeros(3, dtype=[("a", "f8")]), "records"), "long-double": (np.ones((2, 4), "g"), "dtype"),
    "scalar": (np.float64(1), "0 dimensions"), "cube": (np.ones((2, 2, 2)), "3 dimensions"),
    "no-rows": (np.ones((0, 4)), "0 sample"), "no-columns": (np.ones((9, 0)), "no columns")}


@pytest.mark.parametrize("name", REFUSED)
def test_other_arrays_are_refused(name, folder):
    array, piece = REFUSED[name]
    done = run("predict", "iris.skops", "-", "--from", "npy", folder=folder,
               stdin=npy_with_pickle(array) if array.dtype.hasobject else npy(array))
    assert done.returncode == 7 and piece in done.stderr.decode()


def npy_with_pickle(array):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, allow_pickle=True)
    return stream.getvalue()


def broken_arrays():
    whole = npy(np.ones((5, 4)))
    texts, bools = npy(np.array(["abc"])), npy(np.array([[True, False, True, True]]))
    return {
        "cut": whole[:-3], "longer": whole + b"x", "header-only": whole[:128], "magic": b"\x93NUMPY",
        "header-cut": whole[:40], "huge-shape": whole.replace(b"(5, 4)", b"(999999999999999, 999999999999999)"),
        "other-shape": whole.replace(b"(5, 4)", b"(6, 4)"), "negative": whole.replace(b"(5, 4)", b"(-5, 4)"),
        "expression": whole.replace(b"(5, 4)", b"(5*1,4)"), "version-9": whole[:6] + b"\x09" + whole[7:],
        "no-unicode": texts[:-4] + b"\xff\xff\xff\x7f", "surrogate": texts[:-4] + b"\x00\xd8\x00\x00",
        "no-bytes": texts[:-12].replace(b"'<U3'", b"'<U0'").replace(b"(1,)", b"(9,)"),
        "no-bool": bools[:-1] + b"\x07"}


@pytest.mark.parametrize("name", broken_arrays())
def test_broken_arrays_are_refused(name, folder):
    done = run("predict", "iris.skops", "-", "--from", "npy", stdin=broken_arrays()[name], folder=folder)
    assert done.returncode == 7 and b"[data.npy]" in done.stderr, done.stderr


def sparse_bytes(matrix, compressed=True):
    stream = io.BytesIO()
    sp.save_npz(stream, matrix, compressed=compressed)
    return stream.getvalue()


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("dtype", ["f8", "f4", "i4", "u1", ">f8"])
@pytest.mark.parametrize("form", ["csr", "csc", "coo", "csr-array"])
def test_sparse_matrices_are_read(form, dtype, compressed, folder, models, tmp_path):
    matrix = sp.random(30, 4, density=0.4, random_state=0, format=form[:3])
    matrix.data = (matrix.data * 9).round(1).astype(dtype)
    matrix = sp.csr_array(matrix) if form == "csr-array" else matrix
    predict(folder, "iris", "-", "--from", "npz", "-m", "predict_proba", "-o", tmp_path / "o.npy",
            stdin=sparse_bytes(matrix, compressed))
    expected = models["iris"][0].predict_proba(matrix.astype("f8").tocsr())
    assert_equal(np.load(tmp_path / "o.npy"), expected)


def test_entries_of_one_place_are_added_up(folder, models):
    matrix = sp.coo_matrix(([1.0, 2.5, 4.0, -1.0], ([0, 0, 1, 0], [2, 2, 3, 0])), shape=(2, 4))
    ours = predict(folder, "iris", "-", "--from", "npz", "-m", "predict_proba", stdin=sparse_bytes(matrix))
    assert_equal(read_csv(ours).to_numpy(), models["iris"][0].predict_proba(matrix.tocsr()))


def changed(**parts):
    """A saved CSR matrix with some of its arrays replaced."""
    matrix = sp.csr_matrix(np.eye(4))
    arrays = {"data": matrix.data, "indices": matrix.indices, "indptr": matrix.indptr,
              "shape": np.array(matrix.shape), "format": np.array(b"csr")}
    stream = io.BytesIO()
    np.savez(stream, **{name: array for name, array in {**arrays, **parts}.items() if array is not None})
    return stream.getvalue()


BROKEN_MATRICES = {
    "index-outside": dict(indices=np.array([0, 1, 2, 4])), "index-negative": dict(indices=np.array([0, 1, 2, -1])),
    "pointers-fall": dict(indptr=np.array([0, 3, 2, 3, 4])), "pointers-start": dict(indptr=np.array([1, 1, 2, 3, 4])),
    "pointers-end": dict(indptr=np.array([0, 1, 2, 3, 9])), "pointers-short": dict(indptr=np.array([0, 4])),
    "values-short": dict(data=np.ones(3)), "no-indices": dict(indices=None), "no-shape": dict(shape=None),
    "three-dimensions": dict(shape=np.array([4, 4, 4])), "negative-shape": dict(shape=np.array([-4, 4])),
    "float-indices": dict(indices=np.ones(4)), "unknown-format": dict(format=np.array(b"dia")),
    "complex": dict(data=np.ones(4, "c16")), "texts": dict(data=np.array(["a"] * 4)),
    "cube": dict(data=np.ones((2, 2, 1)))}


@pytest.mark.parametrize("name", BROKEN_MATRICES)
def test_broken_matrices_are_refused(name, folder):
    done = run("predict", "iris.skops", "-", "--from", "npz", stdin=changed(**BROKEN_MATRICES[name]),
               folder=folder)
    assert done.returncode == 7 and b"data.np" in done.stderr, done.stderr
    assert run("predict", "iris.skops", "-", "--from", "npz", stdin=changed(), folder=folder).returncode == 0


def test_announced_rows_are_not_allocated(folder):
    for form, parts in (("csc", dict(indptr=np.array([0, 1, 2, 3, 4]))),
                        ("coo", dict(row=np.arange(4), col=np.arange(4)))):
        done = run("predict", "iris.skops", "-", "--from", "npz", folder=folder,
                   stdin=changed(format=np.array(form.encode()), shape=np.array([2**60, 4]), **parts))
        assert done.returncode == 4 and b"[limit.rows]" in done.stderr


@pytest.mark.parametrize("name,data", [("counts", "counts.txt"), ("onehot", "onehot.csv")])
def test_sparse_results(name, data, folder, models, tmp_path):
    model, asked = models[name]
    expected = model.transform(asked)
    predict(folder, name, data, "-m", "transform", "-o", tmp_path / "o.npz")
    ours = sp.load_npz(tmp_path / "o.npz")
    assert ours.dtype == expected.dtype and ours.format == "csr" and (ours != expected).nnz == 0
    predict(folder, name, data, "-m", "transform", "-o", tmp_path / "o.npy")
    assert np.array_equal(np.load(tmp_path / "o.npy"), expected.toarray())
    assert np.array_equal(read_csv(predict(folder, name, data, "-m", "transform")).to_numpy(),
                          expected.toarray())


def test_lists_of_arrays(folder, models, tmp_path):
    model, asked = models["neighbours"]
    distances, indices = model.kneighbors(asked)
    predict(folder, "neighbours", "iris.npy", "-m", "kneighbors", "-o", tmp_path / "o.npz")
    with np.load(tmp_path / "o.npz") as ours:
        assert ours.files == ["arr_0", "arr_1"]
        assert_equal(ours["arr_0"], distances)
        assert np.array_equal(ours["arr_1"], indices)
    table = read_csv(predict(folder, "neighbours", "iris.npy", "-m", "kneighbors"))
    assert list(table.columns) == [f"kneighbors_{a}_{k}" for a in (0, 1) for k in range(3)]
    assert np.array_equal(table.to_numpy()[:, 3:], indices)


def test_files_are_written_whole_or_not_at_all(folder, tmp_path):
    out = tmp_path / "o.csv"
    out.write_text("old")
    out.chmod(0o600)
    link = tmp_path / "link.csv"
    link.symlink_to(out)
    failed = run("predict", "iris.skops", "texts.txt", "-o", out, folder=folder)
    assert failed.returncode == 7 and out.read_text() == "old"
    failed = run("predict", "neighbours.skops", "iris.npy", "-m", "kneighbors", "-o", out, "--to", "npy",
                 folder=folder)
    assert failed.returncode == 5 and out.read_text() == "old"
    predict(folder, "iris", "iris.npy", "-o", link)
    assert link.is_symlink() and out.read_text().startswith("predict\nsetosa\n")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert sorted(os.listdir(tmp_path)) == ["link.csv", "o.csv"]


def test_json_beside_an_output_file_describes_it(folder, tmp_path):
    told = json.loads(predict(folder, "iris", "iris.npy", "-o", tmp_path / "o.npy", "--json"))
    assert told["out"] == str(tmp_path / "o.npy") and told["method"] == "predict"
    assert told["type"] == "sklearn.linear_model._logistic.LogisticRegression"
    assert told["result"] == {"kind": "array", "dtype": "<U10", "shape": [150]}


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_threads_do_not_change_results(threads, folder):
    assert (predict(folder, "columns", "columns.csv", "-m", "predict_proba", "--threads", threads) ==
            predict(folder, "columns", "columns.csv", "-m", "predict_proba"))


def test_documents_are_lines(folder, models):
    text = "\ufeffred apples\r\n\r\nthe sea\nno end"
    lines = ["red apples", "", "the sea", "no end"]
    ours = predict(folder, "texts", "-", "--from", "txt", "-m", "predict_proba", stdin=text.encode())
    assert_equal(read_csv(ours).to_numpy(), models["texts"][0].predict_proba(lines))


@pytest.mark.parametrize("table", [
    pd.DataFrame({"text": command.DOCUMENTS}).replace("", "x"),
    pd.DataFrame({"id": range(7), "text": command.DOCUMENTS, "length": 1.5}).replace("", "x"),
    pd.DataFrame({"text": ["12", "13", "14"]}), pd.DataFrame({"text": ["12", "red \"apples\"\nand pears"]})])
def test_a_column_of_texts_is_documents(table, folder, models):
    ours = predict(folder, "texts", "-", "--from", "csv", "-m", "predict_proba",
                   stdin=table.to_csv(index=False).encode())
    assert_equal(read_csv(ours).to_numpy(), models["texts"][0].predict_proba(list(table["text"])))
