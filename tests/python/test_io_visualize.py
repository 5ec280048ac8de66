"""libskops.io.visualize against released skops, over every file that the newest scikit-learn wrote, and
over what libskops writes itself."""

import operator
import subprocess
import sys

import numpy as np
import pytest
import skops.io
from sklearn.preprocessing import FunctionTransformer

import libskops
import libskops.io as sio
from files import with_schema
from test_io_load import FILES

# What only libskops trusts by default, since it checks the contents.
CHECKED = ["sklearn.tree._tree.Tree", "scipy.sparse._csr.csr_matrix",
           "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"]
KEYS = {"bit_generator_state": "bit_generator", "seed_seq_state": "seed_seq"}


class Custom:
    def __init__(self):
        self.value = [1, (2,)]

    def double(self, x):
        return 2 * x


def lines(visualize, data, **kwargs):
    out = []
    try:
        visualize(data, sink=lambda nodes, show: out.extend(nodes), **kwargs)
    except TypeError as error:
        if visualize is skops.io.visualize and "Cannot deal with" in str(error):
            pytest.skip("skops does not get to the end")
        raise
    return [(node.level, KEYS.get(node.key, node.key), node.val, node.is_self_safe, node.is_safe,
             node.is_last) for node in out]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_says_what_skops_says(path):
    data = path.read_bytes()
    assert lines(sio.visualize, data, trusted=CHECKED) == \
        lines(skops.io.visualize, data, trusted=CHECKED)
    again = sio.dumps(sio.loads(data, trusted=sio.get_untrusted_types(data=data)))
    assert lines(sio.visualize, again, trusted=CHECKED) == \
        lines(skops.io.visualize, again, trusted=CHECKED)


SHARED = Custom()


@pytest.mark.parametrize("obj", [
    {"a": SHARED, "b": [SHARED, SHARED], 3: SHARED},
    FunctionTransformer(operator.methodcaller("round", 2)),
    [b"abc", b"x" * 30, b"'quoted\"" * 9, bytearray(range(100)), {b"k"}],
    np.random.RandomState(1), np.random.default_rng(3), slice(1, None, 2), np.ma.array([1, 2]),
], ids=range(7))
def test_objects(obj):
    for data in (skops.io.dumps(obj), sio.dumps(obj)):
        for trusted in ([], [Custom, "operator.methodcaller"]):
            assert lines(sio.visualize, data, trusted=trusted) == \
                lines(skops.io.visualize, data, trusted=trusted)


def test_a_method_is_shown_with_its_name_and_is_untrusted_by_itself():
    found = lines(sio.visualize, sio.dumps(Custom().double))
    name = f"{Custom.__module__}.Custom"
    assert found[0] == (0, "root", name + ".double", False, False, False)
    trusted = lines(sio.visualize, sio.dumps(Custom().double), trusted=[name])
    assert trusted[0][3:5] == (False, False) and trusted[1][:5] == (1, "obj", name, True, True)


def test_what_is_untrusted_inside_an_array_of_objects_is_shown():
    data = sio.dumps(np.array([1, Custom()], dtype=object))
    assert (1, "content", f"{Custom.__module__}.Custom", False, False) in \
        [line[:5] for line in lines(sio.visualize, data)]
    assert len(lines(sio.visualize, data, trusted=[Custom])) == 1


def printed(capsys, data, **kwargs):
    sio.visualize(data, use_colors=False, **kwargs)
    return capsys.readouterr().out.splitlines()


def test_filtered_trees_keep_their_shape(capsys):
    data = sio.dumps({"a": [1, {"b": Custom()}, (2, 3)], "c": (Custom(), 4)})
    name = f"{Custom.__module__}.Custom"
    assert printed(capsys, data, show="untrusted") == [
        "root: builtins.dict",
        "├── a: builtins.list",
        "│   └── content: builtins.dict",
        f"│       └── b: {name} [UNSAFE]",
        "└── c: builtins.tuple",
        f"    └── content: {name} [UNSAFE]"]
    assert printed(capsys, sio.dumps([Custom()]), show="trusted") == [
        "root: builtins.list",
        "└── attrs: builtins.dict",
        "    └── value: builtins.list",
        "        ├── content: json-type(1)",
        "        └── content: builtins.tuple",
        "            └── content: json-type(2)"]
    with pytest.raises(ValueError, match="show must be"):
        sio.visualize(data, show="some")


def test_texts_of_a_file_cannot_speak_to_the_terminal(capsys):
    data = skops.io.dumps({"\x1b[2J[red]": ["\x9b" * 3, "x" * 5000]})
    text = "\n".join(printed(capsys, data))
    assert "\x1b" not in text and "\\x1b[2J[red]" in text and len(text) < 1000


def test_paths_and_open_files(tmp_path, capsys):
    path = tmp_path / "model.skops"
    sio.dump([1, (2,)], path)
    expected = printed(capsys, path.read_bytes())
    assert printed(capsys, path) == printed(capsys, str(path)) == expected
    with open(path, "rb") as file:
        assert printed(capsys, file) == expected


def test_unknown_loaders_are_shown_and_untrusted(capsys):
    def change(schema):
        schema["__loader__"] = "OfTheFuture"
    found = lines(sio.visualize, with_schema(sio.dumps({"a": Custom()}), change))
    assert found[0][2:5] == ("builtins.dict", False, False)
    assert f"{Custom.__module__}.Custom" in [line[2] for line in found]


def test_a_file_of_references_gives_no_more_lines_than_it_is_long():
    """Thirty levels of lists that hold the one below twice: a billion lines, were each one shown."""
    def change(schema):
        inner = schema["content"][0]
        for number in range(1, 31):
            inner = dict(inner, __id__=100 + number, content=[inner, {"__id__": inner["__id__"]}])
        schema["content"] = [inner]
    data = with_schema(sio.dumps([[b"x"]]), lambda schema: (
        schema["content"][0].__setitem__("__id__", 100), change(schema)))
    assert len(lines(sio.visualize, data)) < 20_000


def test_a_long_text_is_kept_once_however_often_it_is_referred_to():
    def change(schema):
        text = dict(schema["content"][0], __id__=100, content='"' + "x" * 10**7 + '"')
        schema["content"] = [text] + [{"__id__": 100}] * 10_000
    found = lines(sio.visualize, with_schema(sio.dumps(["x", (1,)]), change))
    assert len(found) == 10_002 and found[1][2] is found[-1][2]


def test_long_keys_are_not_repeated_without_end():
    def change(schema):
        inner = schema["content"][0]
        inner["__id__"] = 100
        inner["content"] = {"k" * 10**7: inner["content"]["a"]}
        schema["content"] = [inner] + [{"__id__": 100}] * 9_000
    found = lines(sio.visualize, with_schema(sio.dumps([{"a": (1, 2)}, (1,)]), change))
    assert sum(len(line[1]) for line in found) < 10**8


def test_imports_nothing():
    code = (
        "import sys, libskops.io as sio, pathlib\n"
        "before = set(sys.modules)\n"
        f"sio.visualize(pathlib.Path({str(FILES[0])!r}), sink=lambda nodes, show: list(nodes))\n"
        "print([m for m in set(sys.modules) - before if m.split('.')[0] in"
        " ('sklearn', 'scipy', 'pandas', 'skops', 'rich')])")
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert out.stdout.strip() == "[]"


def test_broken_files_raise_as_skops_does():
    with pytest.raises(libskops.MalformedError):
        sio.visualize(b"PK\x05\x06")
    with pytest.raises(TypeError, match="protocol"):
        sio.visualize(with_schema(sio.dumps(1), lambda schema: schema.update(protocol=None)))
