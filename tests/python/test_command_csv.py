"""CSV files mean what pandas.read_csv says they mean.

A ColumnTransformer that passes its columns through shows what was read: its result as JSON is
compared with what scikit-learn gives for pandas' table.
"""

import io
import json
import math
import random

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.compose import ColumnTransformer

from command import run


def cells_of_pandas(text):
    table = pd.read_csv(io.BytesIO(text))
    model = ColumnTransformer([("all", "passthrough", list(table.columns))]).fit(table)
    return model, model.transform(table).tolist(), list(table.columns)


def cells_of_command(text, model, tmp_path):
    skops.io.dump(model, tmp_path / "columns.skops")
    done = run("predict", tmp_path / "columns.skops", "-", "--from", "csv", "-m", "transform", "--json",
               stdin=text)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)["result"]["data"]


def is_missing(cell):
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def assert_same(ours, theirs):
    assert len(ours) == len(theirs)
    for our_row, their_row in zip(ours, theirs):
        assert len(our_row) == len(their_row)
        for ours_cell, their_cell in zip(our_row, their_row):
            if is_missing(their_cell):
                assert is_missing(ours_cell)
            elif isinstance(their_cell, float):
                # pandas reads to the last bit or the one before it.
                assert isinstance(ours_cell, float) and math.isclose(ours_cell, their_cell, rel_tol=1e-15)
            else:
                assert (type(ours_cell), ours_cell) == (type(their_cell), their_cell)


TEXTS = {
    "integers": b"a,b\n1,-2\n+3,0\n",
    "reals": b"a,b\n1.5,-2e3\n.5,5.\n1E-3,-0.0\n",
    "mixed-numbers": b"a,b\n1,2\n2.5,3\n3,\n",
    "infinity": b"a,b,c\ninf,-inf,1\nInfinity,+inf,2\n",
    "blanks-around": b"a,b\n 1,2 \n\t3 , 4\n",
    "missing": b"a,b,c\n,NA,x\n1,2,\nNaN,null,n/a\n",
    "missing-first": b"a,b\n,\n,\n1,x\n",
    "all-missing": b"a,b\n,1\n,2\n",
    "missing-words": b"a\n#N/A\n-nan\n<NA>\nNone\nNULL\nx\n",
    "booleans": b"a,b\nTrue,false\nFALSE,true\n",
    "booleans-missing": b"a,b\nTrue,1\n,2\nFalse,3\n",
    "booleans-then-text": b"a\nTrue\nmaybe\nFalse\n",
    "numbers-then-text": b"a,b\n1.50,x\n007,y\n,z\nseven,w\n",
    "text-then-numbers": b"a\nseven\n1.50\n7\n",
    "large-integers": b"a,b\n9007199254740993,1\n9223372036854775807,2\n-9223372036854775808,3\n",
    "many-digits": b"a,b\n0.1234567890123456789,123456789012345678.5\n1e22,3.141592653589793238462643\n",
    "extremes": b"a\n1.7976931348623157e308\n2.2250738585072014e-308\n123456789.12345678\n",
    "not-numbers": b"a,b,c,d,e\n1_000,0x10,1e,--1,1.2.3\n1 000,1d5,e5,+-1,.\n",
    "quotes": b'"a","b, c"\n"1","x, ""y"""\n2,"line\nbreak"\n',
    "quotes-inside": b'a,b\nx"y,5" tall\nz,w\n',
    "quoted-missing": b'a,b\n"",1\n"x",2\n',
    "crlf": b"a,b\r\n1,x\r\n2,y\r\n",
    "cr": b"a,b\r1,x\r2,y\r",
    "no-end": b"a,b\n1,x\n2,y",
    "no-end-missing": b"a,b\n1,x\n2,",
    "blank-lines": b"\n  \na,b\n\n1,x\n   \n\n2,y\n\n",
    "byte-order-mark": b"\xef\xbb\xbfa,b\n1,x\n",
    "unicode": "größe,名前\n1,naïve café\n2,\U0001f600\n".encode(),
    "index": b",a\n0,1.5\n1,2.5\n",
    "spaces-in-text": b"a, b\n x , y\nz,  \n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_as_pandas_reads_it(name, tmp_path):
    model, theirs, _ = cells_of_pandas(TEXTS[name])
    assert_same(cells_of_command(TEXTS[name], model, tmp_path), theirs)


def random_cell(kind, source):
    if source.random() < 0.1:
        return source.choice(["", "NA", "nan"])
    if kind == "integer":
        return str(source.randint(-10**source.randint(1, 17), 10**6))
    if kind == "real":
        return source.choice([repr(source.gauss(0, 10**source.randint(-5, 12))),
                              f"{source.gauss(0, 100):.3f}", f"{source.random():.17e}", "1e5"])
    if kind == "boolean":
        return source.choice(["True", "False"])
    word = "".join(source.choice('abc ,"\n\ré1') for _ in range(source.randint(1, 8))).strip() or "x"
    quoted = '"' + word.replace('"', '""') + '"'
    return quoted if any(c in word for c in ',"\n\r') or source.random() < 0.2 else word


@pytest.mark.parametrize("seed", range(25))
def test_as_pandas_reads_random_tables(seed, tmp_path):
    source = random.Random(seed)
    kinds = [source.choice(["integer", "real", "boolean", "text"]) for _ in range(source.randint(1, 8))]
    if len(kinds) == 1:
        kinds.append("integer")  # a missing cell of a single column is a blank line
    end = source.choice(["\n", "\r\n"])
    rows = [",".join(f"c{k}" for k in range(len(kinds)))]
    for _ in range(source.randint(1, 600)):
        row = [random_cell(kind, source) for kind in kinds]
        if source.random() < 0.003:
            row[source.randrange(len(row))] = "surprise"
        rows.append(",".join(row))
    text = (end.join(rows) + source.choice(["", end])).encode()
    model, theirs, _ = cells_of_pandas(text)
    assert_same(cells_of_command(text, model, tmp_path), theirs)


def test_numbers_are_the_nearest_doubles(tmp_path):
    source = random.Random(1)
    texts = [f"{source.randint(0, 10**source.randint(1, 17))}.{source.randint(0, 10**9)}" for _ in range(2000)]
    texts += [repr(source.uniform(-1, 1) * 10.0**source.randint(-300, 300)) for _ in range(2000)]
    text = ("a,b\n" + "".join(f"{t},0\n" for t in texts)).encode()
    model, _, _ = cells_of_pandas(text)
    ours = [row[0] for row in cells_of_command(text, model, tmp_path)]
    assert ours == [float(t) for t in texts]


# Where this reader has its own mind: what pandas makes of it is no use to a model.
def test_integers_beyond_64_bits_are_reals(tmp_path):
    model, _, _ = cells_of_pandas(b"a,b\n1.5,1\n")
    ours = cells_of_command(b"a,b\n99999999999999999999,1\n2,1\n", model, tmp_path)
    assert ours == [[1e20, 1.0], [2.0, 1.0]]
    assert cells_of_command(b"a,b\n1e999,1\n-1e999,1\n1e-999,1\n", model, tmp_path) == [
        [math.inf, 1.0], [-math.inf, 1.0], [0.0, 1.0]]


def test_columns_are_matched_by_name(tmp_path):
    table = pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": [0.5, np.nan]})
    model = ColumnTransformer([("some", "passthrough", ["c", "a"])]).fit(table)
    text = table[["c", "b", "a"]].to_csv(index=False).encode()
    assert cells_of_command(text, model, tmp_path) == [[0.5, 1.0], [None, 2.0]]


def test_results_written_as_csv_are_read_as_they_are(tmp_path):
    table = pd.DataFrame({"a": ["x", "with, comma", 'with "quotes"', "two\nlines", None],
                          "b": [1.0, -0.1, 1e-300, np.inf, np.nan], "c": [True, False, True, True, False]})
    model = ColumnTransformer([("all", "passthrough", ["a", "b", "c"])]).fit(table)
    skops.io.dump(model, tmp_path / "m.skops")
    table.to_csv(tmp_path / "t.csv", index=False)
    done = run("predict", tmp_path / "m.skops", tmp_path / "t.csv", "-m", "transform")
    again = pd.read_csv(io.BytesIO(done.stdout))
    assert list(again.columns) == ["transform_0", "transform_1", "transform_2"]
    pd.testing.assert_frame_equal(again.set_axis(["a", "b", "c"], axis=1), pd.read_csv(tmp_path / "t.csv"))
