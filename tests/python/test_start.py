"""What a process pays for: NumPy is imported with the first object or model, not before.

Each function is the first one of a process of its own, so that none reaches arrays before NumPy is there.
"""

import subprocess
import sys

import pytest
import scipy.sparse
import skops.io
from sklearn.linear_model import LinearRegression


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("start")
    skops.io.dump(LinearRegression().fit([[0.0], [1.0]], [1.0, 3.0]), folder / "model.skops")
    skops.io.dump(scipy.sparse.csr_matrix([[0, 1]]), folder / "sparse.skops")
    return folder


def run(folder, code):
    """What the code prints, and whether it has NumPy imported then."""
    program = ("import sys, libskops, libskops.io as sio\n" + code + "\nprint('numpy' in sys.modules)\n")
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize("code", [
    "pass",
    "assert libskops.audit('model.skops').ok",
    "assert sio.get_untrusted_types(file='model.skops') == []",
    "assert 'LinearRegression' in libskops.audit('model.skops').report('html')",
    "libskops.policy_files(); libskops.read_policy()",
    "libskops.plugins()",
    "sio.visualize('model.skops', sink=lambda nodes, *args, **kwargs: list(nodes))",
    "try: libskops.audit('missing.skops')\nexcept libskops.InputError: pass\nelse: raise SystemExit(1)",
])
def test_needs_no_numpy(folder, code):
    assert run(folder, code) == ["False"]


@pytest.mark.parametrize("code, said", [
    ("print(libskops.Model.load('model.skops').predict([[2.0]]).round(9).tolist())", "[5.0]"),
    ("print(round(libskops.Model.load('model.skops').intercept_, 9))", "1.0"),
    ("print(sio.load('model.skops').predict([[2.0]]).round(9).tolist())", "[5.0]"),
    ("print(sio.load('sparse.skops').toarray().tolist())", "[[0, 1]]"),
    ("print(sio.loads(sio.dumps([1, 'a', None])))", "[1, 'a', None]"),
    ("sio.dump({'a': 1.5}, 'new.skops'); print(sio.load('new.skops'))", "{'a': 1.5}"),
    ("from libskops import _core\nprint(_core.rises(__import__('numpy').arange(3)))", "True"),
    ("from libskops import _core\nprint(_core.permutes(__import__('numpy').arange(3)))", "True"),
    ("from libskops import _core\nprint(_core.in_range(__import__('numpy').arange(3), 0, 2))", "False"),
    ("from libskops import _core\nprint(_core.values_in_range({'a': 0}))", "True"),
    ("from libskops import _core\nprint(_core.npz({'a': __import__('numpy').arange(3)})[:2])", "b'PK'"),
])
def test_imports_numpy_when_it_is_needed(folder, code, said):
    assert run(folder, code) == [said, "True"]


@pytest.mark.parametrize("call", ["libskops.Model.load('model.skops')", "sio.load('model.skops')",
                                  "sio.dumps([1])"])
def test_without_numpy_it_is_said(folder, call):
    code = ("sys.modules['numpy'] = None\n"
            f"try: {call}\nexcept ImportError as error: print('numpy' in str(error))\n"
            "del sys.modules['numpy']")
    assert run(folder, code)[0] == "True"
