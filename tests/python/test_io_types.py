"""Every type, both ways: the tables of objects_*.py through libskops and through released skops.

    libskops → libskops   equal, or refused when dumped
    libskops → skops      equal, unless the table says otherwise
    skops → libskops      equal wherever skops gives back what it wrote
"""

import importlib
import pathlib
import subprocess

import pytest
import skops.io

import libskops
import libskops.io as sio
from objects_case import Case
from same import check_same

RESAVE = pathlib.Path(__file__).resolve().parents[2] / "build/bin/resave"
TABLES = ("objects_plain", "objects_numpy", "objects_pandas", "objects_sklearn")
# What libskops trusts because it looks at the contents, and the classes that it brings itself.
CHECKED = ("scipy.sparse.", "libskops.io.arrays.", "sklearn.neighbors._", "sklearn.tree._tree.Tree")
# skops' own dump or load would end the process, or change it.
DEADLY = {"bit generator", "bit generator in use", "str array", "arrow array", "arrow lists", "arrow texts",
          "dtypes"}


def cases():
    for table in TABLES:
        for name, case in importlib.import_module(table).TYPES.items():
            yield pytest.param(name, case if isinstance(case, Case) else Case(case),
                               id=f"{table[8:]}-{name}")


def undecided(names):
    return [name for name in names if not name.startswith(CHECKED)]


def loaded(data):
    return sio.loads(data, trusted=sio.get_untrusted_types(data=data))


def loaded_by_skops(data):
    return skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data))


@pytest.mark.parametrize("name, case", list(cases()))
def test_dump(name, case, tmp_path):
    obj = case.make()
    if not case.saved:
        with pytest.raises(libskops.Error) as caught:
            sio.dumps(obj)
        assert case.why in str(caught.value)
        assert caught.value.path
        assert isinstance(caught.value, (sio.exceptions.UnsupportedTypeException, libskops.LimitError))
        return
    data = sio.dumps(obj)
    assert sio.dumps(obj) == data
    (tmp_path / "a.skops").write_bytes(data)
    subprocess.run([RESAVE, tmp_path / "a.skops", tmp_path / "b.skops"], check=True, timeout=60)
    assert (tmp_path / "b.skops").read_bytes() == data
    expected = case.becomes(obj)
    check_same(expected, loaded(data))
    if case.skops == "refused":
        with pytest.raises(Exception):
            loaded_by_skops(data)
        return
    assert undecided(sio.get_untrusted_types(data=data)) == undecided(
        skops.io.get_untrusted_types(data=data))
    if case.skops == "equal":
        check_same(expected, loaded_by_skops(data))
    else:
        with pytest.raises(AssertionError):
            check_same(expected, loaded_by_skops(data))


@pytest.mark.parametrize("name, case", list(cases()))
def test_files_of_skops(name, case):
    if name in DEADLY:
        pytest.skip("skops ends the process")
    obj = case.make()
    try:
        data = skops.io.dumps(obj)
        check_same(case.becomes(obj), loaded_by_skops(data))
    except Exception:
        return  # what skops loses itself
    if case.theirs:
        with pytest.raises(libskops.Error, match=case.theirs):
            loaded(data)
        return
    assert undecided(sio.get_untrusted_types(data=data)) == undecided(
        skops.io.get_untrusted_types(data=data))
    check_same(case.becomes(obj), loaded(data))
