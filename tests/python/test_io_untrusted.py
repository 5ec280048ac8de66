"""get_untrusted_types and refusals: the same names as released skops, nothing imported before the audit
has passed, and exceptions that skops' own classes catch."""

import io
import json
import pathlib
import subprocess
import sys
import textwrap
import zipfile

import pytest
import skops.io
import skops.io.exceptions

import libskops
import libskops.io as sio
from nodes import archive, mapping, node, plain, sequence, type_node

DATA = pathlib.Path(__file__).parent.parent / "data"
FILES = sorted(DATA.glob("sk*/*/model.skops"))

CHECKED = "its contents are checked here"
# What libskops trusts and the installed skops does not, by the beginnings of the names.
MORE = {
    "sklearn.tree._tree.Tree": CHECKED,
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor": CHECKED,
    "scipy.sparse.": CHECKED,
    # skops trusts what the installed libraries hold; files of older ones name older places.
    "_loss.Cy": "the module's name in scikit-learn 1.4 and 1.5",
    "sklearn.ensemble._gb_losses.": "the losses of boosting before scikit-learn 1.4",
    "sklearn.linear_model._sgd_fast.": "losses before scikit-learn 1.6",
    "numpy.core._multiarray_umath.": "the ufuncs' module before NumPy 2",
    "numpy.ma.core.MaskedArray": "another name of numpy.ma.MaskedArray",
    "scipy.special._ufuncs.": "the ufuncs' module in older SciPy",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-3:-1]))
def test_same_names_as_skops(path):
    data = path.read_bytes()
    ours = sio.get_untrusted_types(data=data)
    assert ours == sio.get_untrusted_types(file=path) == sorted(set(ours))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        if b'"SGDNode"' in file.read("schema.json"):
            return  # a loader that skops 0.16 does not know
    theirs = skops.io.get_untrusted_types(data=data)
    assert set(ours) <= set(theirs)
    assert not [name for name in set(theirs) - set(ours)
                if not any(name.startswith(begin) for begin in MORE)]


def strange():
    return archive(sequence("list", type_node("my_module.Y"), node("ObjectNode", "my_module.X")))


def test_exceptions_are_those_of_skops():
    with pytest.raises(skops.io.exceptions.UntrustedTypesFoundException) as caught:
        sio.loads(strange())
    error = caught.value
    assert isinstance(error, (sio.UntrustedTypesFoundException, libskops.UntrustedError, TypeError))
    assert isinstance(error, sio.UntrustedTypesFoundException)
    assert isinstance(error, libskops.UntrustedError) and isinstance(error, TypeError)
    assert str(error).startswith(
        "Untrusted types found in the file: ['my_module.X', 'my_module.Y'].")
    assert error.code == "trust.undecided" and error.types == ["my_module.X", "my_module.Y"]
    assert issubclass(sio.UnsupportedTypeException, (libskops.UnsupportedError, TypeError))


def test_the_message_says_what_would_allow_it():
    with pytest.raises(sio.UntrustedTypesFoundException) as caught:
        sio.loads(strange())
    assert '- my_module.X at list[1]: no rule names it; allow it by trusted=["my_module.X"]' in str(caught.value)
    root = node("PandasRangeIndexNode", "pandas.RangeIndex", content={
        part: plain(value) for part, value in (("start", 0), ("stop", 1), ("step", 1), ("name", None))})
    with pytest.raises(sio.UntrustedTypesFoundException, match=r'trusted=\["pandas"\] for the library'):
        sio.loads(archive(root, protocol=3))


def test_standing_refusals_cannot_be_trusted_away():
    data = archive(node("FunctionNode", "os.system"))
    assert sio.get_untrusted_types(data=data) == ["os.system"]
    with pytest.raises(sio.UntrustedTypesFoundException, match="os.system.*cannot be allowed"):
        sio.loads(data, trusted=["os.system"])


def test_ways_to_trust():
    data = archive(sequence("list", type_node("decimal.Decimal"), type_node("fractions.Fraction")))
    import decimal
    import fractions
    expected = [decimal.Decimal, fractions.Fraction]
    for trusted in (["decimal.Decimal", "fractions.Fraction"], expected, (decimal.Decimal, "fractions.*"),
                    {"decimal.Decimal", "fractions.Fraction", "x y", ""}):
        assert sio.loads(data, trusted=trusted) == expected
    for trusted in (None, [], (), "", "decimal.Decimal", decimal.Decimal, ["decimal", "fractions"],
                    ["decimal.Decimal."], ["*"]):
        with pytest.raises(sio.UntrustedTypesFoundException):
            sio.loads(data, trusted=trusted)
    import numpy as np
    assert sio.loads(archive(type_node("builtins.len")), trusted=[len]) is len
    assert sio.loads(archive(node("FunctionNode", "numpy.add")), trusted=[np.add]) is np.add


def test_wrong_calls(tmp_path):
    data = strange()
    for load in (sio.load, sio.loads):
        with pytest.raises(TypeError, match="trusted must be a list of strings or types.*CVE-2024-37065"):
            load(data, trusted=True)
    with pytest.raises(TypeError, match="Can't load skops format from string, pass bytes"):
        sio.loads("text")
    with pytest.raises(ValueError, match="Only one of data or file"):
        sio.get_untrusted_types(data=data, file="x")
    for options in ({}, {"data": b""}):
        with pytest.raises(ValueError, match="Exactly one of data or file"):
            sio.get_untrusted_types(**options)
    with pytest.raises(libskops.InputError):
        sio.load(tmp_path / "missing.skops")


def test_sources(tmp_path):
    data, path = archive(plain([1, 2])), tmp_path / "größe.skops"
    path.write_bytes(data)
    with open(path, "rb") as file:
        for source in (path, str(path), str(path).encode(), file, io.BytesIO(data)):
            assert sio.load(source) == [1, 2]
    written = io.BytesIO()
    written.write(data)
    assert sio.load(written) == [1, 2]  # from its end, as skops does
    assert sio.loads(bytearray(data)) == sio.loads(memoryview(data)) == [1, 2]


@pytest.mark.parametrize("change, error", [
    ({"protocol": True}, TypeError), ({"protocol": "2"}, TypeError), ({"protocol": None}, TypeError),
    ({"protocol": -1}, ValueError), ({"protocol": 99}, ValueError),
    ({"__loader__": "NoSuchNode"}, TypeError),
])
def test_files_that_skops_refuses_too(change, error):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("schema.json", json.dumps({**plain(1), "protocol": 2, "_skops_version": "1", **change}))
    for call in (sio.loads, lambda data: sio.get_untrusted_types(data=data)):
        with pytest.raises(error) as caught:
            call(out.getvalue())
        assert isinstance(caught.value, libskops.Error)


def test_names_that_cannot_be_listed():
    owner = node("ObjectNode", "builtins.object")
    lie = node("MethodNode", "my_module.X", content={"func": "f", "obj": owner})
    with pytest.raises(ValueError, match="another class"):
        sio.get_untrusted_types(data=archive(lie))
    random = node("RandomGeneratorNode", "numpy.random.Generator",
                  content={"bit_generator": mapping({}), "seed_seq": mapping({})})
    with pytest.raises(ValueError, match="cannot be read"):
        sio.get_untrusted_types(data=archive(random))


RECORDER = """
    import sys
    sys.recorded.append(__name__)
    class Thing:
        pass
"""


@pytest.fixture
def recorder(tmp_path, monkeypatch):
    """A module that tells when it is imported."""
    (tmp_path / "telltale.py").write_text(textwrap.dedent(RECORDER))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "recorded", [], raising=False)
    sys.modules.pop("telltale", None)
    yield sys.recorded
    sys.modules.pop("telltale", None)


def test_nothing_is_imported_before_the_audit_has_passed(recorder):
    thing = node("ObjectNode", "telltale.Thing")
    for last in (node("ObjectNode", "never.Trusted"), node("FunctionNode", "os.system"),
                 node("NoSuchNode", "builtins.str"), node("DictNode", "builtins.dict")):
        for root in (sequence("list", thing, last), sequence("list", thing, thing, last)):
            data = archive(root)
            with pytest.raises(libskops.Error):
                sio.loads(data, trusted=["telltale.Thing", "os.system"])
            with pytest.raises((libskops.Error, AssertionError)):
                assert not sio.get_untrusted_types(data=data)
    assert recorder == [] and "telltale" not in sys.modules
    assert type(sio.loads(archive(thing), trusted=["telltale.Thing"])).__name__ == "Thing"
    assert recorder == ["telltale"]


def test_nothing_but_names_of_nodes_is_imported(recorder):
    """Names in other places of a file: as texts, keys, members, arguments."""
    data = archive(mapping({"telltale": plain("telltale.Thing"), "a": sequence("list", plain("telltale")),
                            "b": node("SliceNode", "builtins.slice", content={
                                "start": "telltale", "stop": None, "step": None})}))
    sio.loads(data)
    assert recorder == []


def test_what_importing_costs():
    """libskops.io imports no library of the models, and skops neither."""
    code = ("import sys, libskops.io as sio; sio.load, sio.UntrustedTypesFoundException; "
            "print([m for m in ('scipy', 'sklearn', 'pandas', 'skops', 'pyarrow', 'numpy.ma') "
            "if m in sys.modules and m != 'numpy.ma'])")
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_without_skops_the_classes_are_our_own():
    code = ("import libskops.io as sio, sys\n"
            f"try: sio.loads({strange()!r})\n"
            "except sio.UntrustedTypesFoundException as e: print(type(e).__mro__[1].__name__, 'skops' in sys.modules)")
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["UntrustedError", "False"]
