"""Arrow files and streams mean what pandas makes of them; results are read back by pyarrow.

A ColumnTransformer that passes its columns through shows what was read: its result as JSON is
compared with what scikit-learn gives for pandas' table.
"""

import io
import json
import struct

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.ipc
import pytest
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import OrdinalEncoder

import command
from command import run
from test_command_csv import assert_same


def file_bytes(table, rows_a_batch=None, **options):
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table, max_chunksize=rows_a_batch)
    return sink.getvalue()


def stream_bytes(table, rows_a_batch=None, **options):
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table, max_chunksize=rows_a_batch)
    return sink.getvalue()


FORMS = {"file": file_bytes, "stream": stream_bytes,
         "batches": lambda table: file_bytes(table, 3), "stream-batches": lambda table: stream_bytes(table, 2),
         "version-4": lambda table: file_bytes(table, metadata_version=pa.ipc.MetadataVersion.V4),
         "feather": lambda table: feather_bytes(table)}


def feather_bytes(table):
    sink = io.BytesIO()
    pyarrow.feather.write_feather(table, sink, compression="uncompressed")
    return sink.getvalue()


def read_by_command(data, model, tmp_path):
    skops.io.dump(model, tmp_path / "columns.skops")
    done = run("predict", tmp_path / "columns.skops", "-", "--from", "arrow", "-m", "transform", "--json",
               stdin=data)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)["result"]["data"]


def passed_through(table):
    frame = table.to_pandas()
    model = ColumnTransformer([("all", "passthrough", list(frame.columns))]).fit(frame)
    return model, model.transform(frame).tolist()


INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
WORDS = ["red", None, "naïve café", "", "a text of more than twelve bytes", "\U0001f600 sky", "red"]
COLUMNS = {
    **{name: pa.array([0, 1, 100, 7, 3, 2, 127], name) for name in INTEGERS},
    **{f"{name}-nulls": pa.array([0, None, 100, 7, None, 2, 127], name) for name in INTEGERS},
    "int64-large": pa.array([2**53 + 1, -2**63, 2**63 - 1, 0, 1, 2, 3], "int64"),
    "uint64-large": pa.array([2**63 - 1, 2**53 + 1, 0, 1, 2, 3, 4], "uint64"),
    "float16": pa.array(np.array([0.5, -2, 65504, 6e-8, np.inf, np.nan, 1], "f2")),
    "float32": pa.array([0.1, -2.5, None, 1e38, np.inf, np.nan, 1], "float32"),
    "float64": pa.array([0.1, -2.5, None, 1e300, -np.inf, np.nan, 5e-324], "float64"),
    "float16-nulls": pa.array([np.float16(1.5), None, np.float16(2)] + [None] * 4, "float16"),
    "bool": pa.array([True, False, True, True, False, False, True]),
    "bool-nulls": pa.array([True, None, False, None, True, True, False]),
    "null": pa.nulls(7), "all-null": pa.array([None] * 7, "float64"),
    "utf8": pa.array(WORDS, "utf8"), "large_utf8": pa.array(WORDS, "large_utf8"),
    "utf8-whole": pa.array([word or "x" for word in WORDS]),
    "utf8-all-null": pa.array([None] * 7, "utf8"), "utf8-empty": pa.array([""] * 7, "utf8"),
    "utf8_view": pa.array(WORDS, pa.string_view()),
    "dictionary": pa.array(WORDS).dictionary_encode(),
    "dictionary-uint8": pa.array(WORDS).dictionary_encode().cast(pa.dictionary(pa.uint8(), pa.utf8())),
    "dictionary-large": pa.array(WORDS, "large_utf8").dictionary_encode(),
    "sliced": pa.array(["x"] + WORDS + ["y"]).slice(1, 7),
    "sliced-bools": pa.array([None, True, False, None, True, True, False, True, None]).slice(1, 7),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", COLUMNS)
def test_as_pandas_reads_it(name, form, tmp_path):
    # Beside a column of texts nothing becomes a number that is none.
    table = pa.table({"words": pa.array(["x"] * 7), "own": COLUMNS[name]})
    model, theirs = passed_through(table)
    ours = read_by_command(FORMS[form](table), model, tmp_path)
    if name in ("float16", "float32", "float16-nulls"):
        ours = [[a, b if b is None else float(np.array(b, name[:7]))] for a, b in ours]
    assert_same(ours, theirs)


@pytest.mark.parametrize("seed", range(12))
def test_as_pandas_reads_random_tables(seed, tmp_path):
    random = np.random.RandomState(seed)
    rows = random.randint(1, 400)
    # JSON shows short floats by their fewest digits; pyarrow cannot take from views.
    names = random.choice([name for name in COLUMNS if name[:7] not in ("float16", "float32", "utf8_vi")], 6)
    columns = {"words": pa.array(["x"] * rows)}
    for k, name in enumerate(names):
        # Dictionaries of several chunks become one; all chunks have their own where they differ.
        columns[f"{k} {name}"] = COLUMNS[name].take(pa.array(random.randint(0, 7, rows)))
    table = pa.table(columns)
    model, theirs = passed_through(table)
    form = [file_bytes, stream_bytes][seed % 2]
    data = form(table, random.choice([1, 7, 8, 64, 1000]), allow_64bit=True)
    assert_same(read_by_command(data, model, tmp_path), theirs)


def test_integers_beyond_63_bits_are_reals(tmp_path):
    table = pa.table({"words": pa.array(["x", "y"]), "own": pa.array([2**64 - 1, 1], "uint64")})
    ours = read_by_command(file_bytes(table), passed_through(table)[0], tmp_path)
    assert_same(ours, [["x", 2.0**64], ["y", 1.0]])


def test_values_of_a_dictionary_may_be_missing(tmp_path):
    words = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, None, 2], "int8"), pa.array(["a", None, "b"]))
    table = pa.table({"d": words, "n": range(5)})
    model, _ = passed_through(table.set_column(0, "d", words.cast("utf8")))
    ours = read_by_command(file_bytes(table), model, tmp_path)
    assert_same(ours, [["a", 0], [None, 1], ["b", 2], [None, 3], ["b", 4]])


def test_dictionaries_of_a_stream_may_be_replaced(tmp_path):
    sink = io.BytesIO()
    schema = pa.schema({"a": pa.dictionary(pa.int8(), pa.utf8()), "b": pa.int64()})
    with pa.ipc.new_stream(sink, schema) as writer:
        for words in (["x", "y"], ["z", "x"], ["z"]):
            writer.write_batch(pa.record_batch([pa.array(words).dictionary_encode().cast(schema[0].type),
                                                pa.array(range(len(words)))], schema=schema))
    model, theirs = passed_through(pa.ipc.open_stream(sink.getvalue()).read_all())
    assert [row[0] for row in theirs] == ["x", "y", "z", "x", "z"]
    assert_same(read_by_command(sink.getvalue(), model, tmp_path), theirs)


@pytest.mark.parametrize("offset", [1, 2, 4])
def test_nothing_has_to_be_aligned(offset, tmp_path):
    """A stream behind a schema whose metadata has an odd length."""
    table = pa.table({"a": [1.5, 2.5], "b": [1, 2], "c": ["x", "y"]})
    whole = stream_bytes(table)
    size = struct.unpack_from("<i", whole, 4)[0]
    odd = whole[:4] + struct.pack("<i", size + offset) + whole[8:8 + size] + bytes(offset) + whole[8 + size:]
    model, theirs = passed_through(table)
    assert_same(read_by_command(odd, model, tmp_path), theirs)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
def test_mixed_columns_through_a_pipeline(form, method, folder, tmp_path):
    model, frame = command.models()["columns"]
    table = pa.Table.from_pandas(frame.assign(unused=True), preserve_index=False)
    (tmp_path / "t.arrow").write_bytes(FORMS[form](table))
    done = run("predict", folder / "columns.skops", tmp_path / "t.arrow", "-m", method, "-o",
               tmp_path / "o.arrow")
    assert done.returncode == 0, done.stderr
    ours = pd.read_feather(tmp_path / "o.arrow")
    expected = getattr(model, method)(frame)
    np.testing.assert_allclose(ours.to_numpy().reshape(expected.shape), expected, rtol=1e-9)


@pytest.mark.parametrize("column", [pa.array(command.DOCUMENTS), pa.array(command.DOCUMENTS, pa.string_view()),
                                    pa.array(command.DOCUMENTS).dictionary_encode()])
def test_a_column_of_texts_is_documents(column, folder):
    model, _ = command.models()["texts"]
    for table in (pa.table({"text": column}), pa.table({"id": range(7), "text": column})):
        done = run("predict", folder / "texts.skops", "-", "--from", "arrow", "-m", "predict_proba",
                   "--to", "arrow", stdin=stream_bytes(table))
        assert done.returncode == 0, done.stderr
        ours = pa.ipc.open_file(done.stdout).read_all()
        assert ours.column_names == ["a", "b", "c"]
        np.testing.assert_allclose(ours.to_pandas().to_numpy(), model.predict_proba(command.DOCUMENTS),
                                   rtol=1e-9)


RESULTS = [("iris", "predict", "iris.npy"), ("iris", "predict_proba", "iris.npy"),
           ("named", "predict", "named.csv"), ("columns", "predict", "columns.csv"),
           ("regression", "predict", "iris.npy"), ("labels", "transform", "labels.npy"),
           ("scaler", "transform", "iris.npy"), ("mixed", "predict", "iris.npy"),
           ("counts", "transform", "counts.txt"), ("onehot", "transform", "onehot.csv"),
           ("neighbours", "kneighbors", "iris.npy")]


@pytest.mark.parametrize("name,method,data", RESULTS)
def test_results_equal_those_in_csv(name, method, data, folder, tmp_path):
    out = tmp_path / "o.arrow"
    done = run("predict", f"{name}.skops", data, "-m", method, "-o", out, folder=folder)
    assert done.returncode == 0, done.stderr
    ours = pa.ipc.open_file(out)
    assert ours.num_record_batches == 1
    table = ours.read_all()
    table.validate(full=True)
    csv = run("predict", f"{name}.skops", data, "-m", method, folder=folder).stdout
    pd.testing.assert_frame_equal(pd.read_feather(out), pd.read_csv(io.BytesIO(csv)))
    # To the bit, and as a stream reader sees the same file from its first message on.
    again = pa.ipc.open_stream(out.read_bytes()[8:]).read_all()
    assert again.equals(table)


CELLS = {
    "texts": (["x", "naïve", None, np.nan, ""], "string", ["x", "naïve", None, None, ""]),
    "bools": ([True, None, False, True, np.nan], "bool", [True, None, False, True, None]),
    "integers": ([1, 2**62, -3, 0, 7], "int64", [1, 2**62, -3, 0, 7]),
    "reals": ([1.5, 2, np.inf, 0.1, -0.0], "double", [1.5, 2.0, np.inf, 0.1, -0.0]),
    "missing": ([None] * 5, "null", [None] * 5),
}


def test_columns_of_cells_get_the_type_that_holds_them(tmp_path):
    frame = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, (cells, _, _) in CELLS.items()})
    model = ColumnTransformer([("all", "passthrough", list(CELLS))]).fit(frame)
    skops.io.dump(model, tmp_path / "m.skops")
    table = pa.table({"texts": pa.array(["x", "naïve", None, None, ""]),
                      "bools": pa.array([True, None, False, True, None]),
                      "integers": pa.array(CELLS["integers"][0]), "reals": pa.array(CELLS["reals"][2]),
                      "missing": pa.nulls(5)})
    (tmp_path / "t.arrow").write_bytes(file_bytes(table))
    done = run("predict", tmp_path / "m.skops", tmp_path / "t.arrow", "-m", "transform", "-o", tmp_path / "o.arrow")
    assert done.returncode == 0, done.stderr
    ours = pa.ipc.open_file(tmp_path / "o.arrow").read_all()
    ours.validate(full=True)
    assert [str(kind) for kind in ours.schema.types] == [kind for _, kind, _ in CELLS.values()]
    for k, (_, _, expected) in enumerate(CELLS.values()):
        assert ours.column(k).to_pylist() == expected


def test_a_mixture_has_no_type(tmp_path):
    encoder = OrdinalEncoder().fit(np.array([["a"], ["b"]], dtype=object))
    encoder.categories_ = [np.array(["a", 1], dtype=object)]
    skops.io.dump(encoder, tmp_path / "m.skops")
    np.save(tmp_path / "x.npy", np.array([[0.0], [1.0]]))
    done = run("predict", "m.skops", "x.npy", "-m", "inverse_transform", "-o", "o.arrow", folder=tmp_path)
    assert done.returncode == 5 and b"mixes texts" in done.stderr and b"[output.object]" in done.stderr
    assert not (tmp_path / "o.arrow").exists()


def test_an_empty_table_is_the_models_to_judge(folder):
    for kind in ("float64", "utf8", "bool", "null", pa.dictionary(pa.int8(), pa.utf8()), pa.string_view()):
        table = pa.table({name: pa.array([], kind) for name in ("sl", "sw", "pl", "pw")})
        data = stream_bytes(table)
        done = run("predict", "iris.skops", "-", "--from", "arrow", stdin=data, folder=folder)
        assert done.returncode == 7 and b"sample" in done.stderr, done.stderr


def one(array):
    return file_bytes(pa.table({"first": [1], "own": array}))


UNSUPPORTED = {
    "date": (pa.array([0], pa.date32()), "date"), "time": (pa.array([0], pa.time64("us")), "time"),
    "timestamp": (pa.array([0], pa.timestamp("s")), "timestamp"),
    "duration": (pa.array([0], pa.duration("s")), "duration"),
    "decimal": (pa.array([1], pa.decimal128(5, 2)), "decimal"), "binary": (pa.array([b"x"]), "binary"),
    "large-binary": (pa.array([b"x"], pa.large_binary()), "large binary"),
    "binary-view": (pa.array([b"x"], pa.binary_view()), "binary view"),
    "fixed-binary": (pa.array([b"x"], pa.binary(1)), "fixed-size binary"),
    "list": (pa.array([[1]]), "list"), "large-list": (pa.array([[1]], pa.large_list(pa.int8())), "large list"),
    "fixed-list": (pa.array([[1]], pa.list_(pa.int8(), 1)), "fixed-size list"),
    "struct": (pa.array([{"a": 1}]), "struct"),
    "map": (pa.array([[("a", 1)]], pa.map_(pa.utf8(), pa.int8())), "map"),
    "run-end": (pa.RunEndEncodedArray.from_arrays([1], [7]), "run-end encoded"),
    "extension": (pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1], pa.int8())), "'arrow.bool8'"),
    "period": (pa.array(pd.Series(pd.period_range("2026", periods=1))), "'pandas.period'"),
    "dictionary-of-integers": (pa.array([5]).dictionary_encode(), "dictionary of other values than texts"),
    "dictionary-of-dates": (pa.array([5], pa.date32()).dictionary_encode(), "dictionary of date"),
}


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_other_types_are_refused_by_name(name, folder):
    array, kind = UNSUPPORTED[name]
    done = run("predict", "iris.skops", "-", "--from", "arrow", stdin=one(array), folder=folder)
    text = done.stderr.decode()
    assert done.returncode == 7 and "[data.arrow]" in text and text.count("\n") == 1
    assert "column 'own'" in text and kind in text and "; " in text


def delta():
    sink = io.BytesIO()
    schema = pa.schema({"own": pa.dictionary(pa.int8(), pa.utf8())})
    with pa.ipc.new_stream(sink, schema, options=pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True)) as writer:
        for words in (["a"], ["a", "b"]):
            writer.write_batch(pa.record_batch([pa.DictionaryArray.from_arrays(
                pa.array([0], "int8"), words)], schema=schema))
    return sink.getvalue()


def changed(old, new, data=None, count=1):
    data = BASE if data is None else data
    assert data.count(old) >= 1, (old, data.count(old))
    return data.replace(old, new, count)


def pair(a, b):
    return struct.pack("<qq", a, b)


FRAME = pa.table({"n": pa.array([1, 2, None, 4, 5], "int64"), "t": ["a", "bb", "ccc", "d", "e"],
                  "d": pa.array(["x", "y", "x", "y", "x"]).dictionary_encode()})
BASE = stream_bytes(FRAME)
FILE = file_bytes(FRAME)
VIEWS = stream_bytes(pa.table({"v": pa.array(["a text of more than twelve bytes", "b"], pa.string_view())}))
OFFSETS = struct.pack("<6i", 0, 1, 3, 6, 7, 8)
DAMAGED = {
    "noise": (b"This is no table at all.\n" * 9, "neither a file nor a stream"),
    "csv": (b"a,b\n1,2\n", "neither a file nor a stream"),
    "parquet": (b"PAR1" + bytes(50), "Parquet"), "feather-1": (b"FEA1" + bytes(50), "first version of Feather"),
    "lz4": (stream_bytes(FRAME, compression="lz4"), "compressed with LZ4"),
    "zstd": (file_bytes(FRAME, compression="zstd"), "compressed with Zstandard"),
    "delta": (delta(), "deltas"), "old-stream": (stream_bytes(FRAME, use_legacy_format=True), "neither"),
    "no-columns": (stream_bytes(pa.table({})), "no columns"),
    "same-names": (stream_bytes(pa.table([[1], [2]], names=["a", "a"])), "two of column 'a'"),
    "magic": (b"ARROW1", "cut off"), "magic-twice": (b"ARROW1\0\0ARROW1", "cut off"),
    "file-cut": (FILE[:-9], "cut off"), "file-half": (FILE[:len(FILE) // 2], "cut off"),
    "stream-cut": (BASE[:-20], "cut off"), "stream-half": (BASE[:len(BASE) // 2], "cut off"),
    "prefix-cut": (BASE[:6], "cut off"), "end-and-more": (BASE + BASE, "follows the end"),
    "no-schema": (BASE[8 + struct.unpack_from("<i", BASE, 4)[0]:], "begin with a schema"),
    "two-schemas": (BASE[:8 + struct.unpack_from("<i", BASE, 4)[0]] * 2, "second schema"),
    "footer-zero": (FILE[:-10] + bytes(4) + b"ARROW1", "cut off"),
    "footer-huge": (FILE[:-10] + b"\xff\xff\xff\x7fARROW1", "cut off"),
    "footer-negative": (FILE[:-10] + b"\xff\xff\xff\xffARROW1", "cut off"),
    "footer-small": (FILE[:-10] + b"\x05\0\0\0ARROW1", "damaged"),
    "name-utf8": (changed(b"\x01\0\0\0n\0", b"\x01\0\0\0\xff\0"), "not valid UTF-8"),
    "more-rows": (changed(pair(5, 1), pair(6, 1)), "column 'n' says that it has 6 rows"),
    "negative-rows": (changed(pair(5, 1), pair(-5, 1)), "column 'n' says"),
    "more-nulls": (changed(pair(5, 1), pair(5, 2)), "which of its values are the 2 nulls"),
    "no-nulls": (changed(pair(5, 1), pair(5, 0)), "which of its values are the 0 nulls"),
    "too-many-nulls": (changed(pair(5, 1), pair(5, 6)), "column 'n' says"),
    "buffer-outside": (changed(pair(8, 40), pair(8, 4000)), "outside of its message"),
    "buffer-far": (changed(pair(8, 40), pair(2**62, 40)), "outside of its message"),
    "buffer-negative": (changed(pair(8, 40), pair(-8, 40)), "outside of its message"),
    "buffer-length-negative": (changed(pair(8, 40), pair(8, -40)), "outside of its message"),
    "buffer-short": (changed(pair(8, 40), pair(8, 39)), "fewer values than the 5 rows"),
    "buffer-overlap": (changed(pair(8, 40), pair(0, 40)), "overlaps"),
    "offset-falls": (changed(OFFSETS, struct.pack("<6i", 0, 1, 3, 2, 7, 8)), "text outside"),
    "offset-far": (changed(OFFSETS, struct.pack("<6i", 0, 1, 3, 6, 7, 900)), "text outside"),
    "offset-negative": (changed(OFFSETS, struct.pack("<6i", -1, 1, 3, 6, 7, 8)), "text outside"),
    "text-utf8": (changed(b"abbcccde", b"ab\xffcccde"), "column 't' has a text that is not valid UTF-8"),
    "text-half": (changed(b"abbcccde", b"\xc3\xa9bcccde"), "not valid UTF-8"),
    "index-outside": (changed(struct.pack("<5i", 0, 1, 0, 1, 0), struct.pack("<5i", 0, 1, 2, 1, 0)),
                      "index 2 in a dictionary of 2 texts"),
    "index-negative": (changed(struct.pack("<5i", 0, 1, 0, 1, 0), struct.pack("<5i", 0, 1, -1, 1, 0)),
                       "index -1 in a dictionary"),
    "view-buffer": (changed(struct.pack("<i4sii", 32, b"a te", 0, 0), struct.pack("<i4sii", 32, b"a te", 1, 0),
                            VIEWS), "text outside"),
    "view-offset": (changed(struct.pack("<i4sii", 32, b"a te", 0, 0), struct.pack("<i4sii", 32, b"a te", 0, 1),
                            VIEWS), "text outside"),
    "view-length": (changed(struct.pack("<i4sii", 32, b"a te", 0, 0), struct.pack("<i4sii", -1, b"a te", 0, 0),
                            VIEWS), "negative length"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_damaged_is_refused(name, folder):
    data, piece = DAMAGED[name]
    done = run("predict", "iris.skops", "-", "--from", "arrow", stdin=data, folder=folder)
    text = done.stderr.decode()
    assert done.returncode == 7 and piece in text and "[data.arrow]" in text, text


def test_files_are_written_whole_or_not_at_all(folder, tmp_path):
    out = tmp_path / "o.arrow"
    assert run("predict", "iris.skops", "iris.npy", "-o", out, folder=folder).returncode == 0
    before = out.read_bytes()
    (tmp_path / "t.arrow").write_bytes(BASE[:-20])
    assert run("predict", "iris.skops", tmp_path / "t.arrow", "-o", out, folder=folder).returncode == 7
    assert out.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["o.arrow", "t.arrow"]


# Small files that say much.
def test_columns_of_nulls_have_a_limit(folder):
    data = stream_bytes(pa.table({"a": pa.nulls(5)}))
    for rows in (2**62, 2**31):
        length = struct.pack("<q", 5)
        many = data.replace(pair(5, 5), pair(rows, rows)).replace(length, struct.pack("<q", rows))
        done = run("predict", "iris.skops", "-", "--from", "arrow", stdin=many, folder=folder)
        assert done.returncode == 4 and b"[limit.arrow_nulls]" in done.stderr, done.stderr


def test_repeated_texts_have_a_limit(folder):
    word, rows = "x" * 50_000, 2_000_000
    table = pa.table({"a": pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, "i1")), [word])})
    done = run("predict", "texts.skops", "-", "--from", "arrow", stdin=stream_bytes(table), folder=folder)
    assert done.returncode == 4 and b"[limit.arrow_text]" in done.stderr, done.stderr
