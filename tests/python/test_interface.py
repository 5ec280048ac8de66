"""What people and tools are told of the package: help(), signatures, types."""

import ast
import inspect
import pathlib
import re
import subprocess
import sys

import pytest

import libskops
import libskops.io as sio
from files import written
from libskops import _core

PACKAGE = pathlib.Path(libskops.__file__).parent
PUBLIC = {**{f"libskops.{name}": getattr(libskops, name) for name in libskops.__all__},
          **{f"libskops.io.{name}": getattr(sio, name) for name in sio.__all__}}


@pytest.mark.parametrize("name", PUBLIC)
def test_everything_public_is_documented(name):
    found = PUBLIC[name]
    text = inspect.getdoc(found)
    assert text and text.splitlines()[0].endswith(".")
    if inspect.isclass(found):
        for member, value in vars(found).items():
            if not member.startswith("_") and (callable(value) or isinstance(value, property)):
                assert inspect.getdoc(getattr(found, member)), member
    elif name != "libskops.io.get_untrusted_types":
        assert "Raises\n------" in text or "exceptions are those of" in text or not inspect.signature(found).parameters


def test_methods_of_models_say_what_they_take():
    model = libskops.Model.load(written("pipeline"))
    assert str(inspect.signature(model.predict)) == "(X, *, threads=1, **options)"
    assert model.predict_proba.__name__ == "predict_proba" and "InputError" in inspect.getdoc(model.predict_proba)


def stub():
    return ast.parse((PACKAGE / "_core.pyi").read_text())


def test_the_stub_says_what_the_module_has():
    functions = {node.name for node in stub().body if isinstance(node, ast.FunctionDef)}
    classes = {node.name: {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
               for node in stub().body if isinstance(node, ast.ClassDef)}
    public = {name: value for name, value in vars(_core).items() if not name.startswith("_")}
    assert classes.keys() | functions == public.keys()
    for name, members in classes.items():
        assert members == {member for member in vars(public[name]) if not member.startswith("_")}, name


def mypy(program):
    return subprocess.run([sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--cache-dir=/dev/null", program],
                          capture_output=True, text=True, timeout=120, cwd="/")


def test_a_program_with_types():
    """mypy, at its strictest, finds nothing in a program that uses what is public."""
    done = mypy(pathlib.Path(__file__).with_name("typed_program.py"))
    assert done.returncode == 0, done.stdout + done.stderr


REFUSED = {
    "libskops.audit(1)": "arg-type",
    "libskops.audit('a').report('xml')": "arg-type",
    "libskops.report(['a'])": "list-item",
    "x: int = libskops.audit('a').ok": None,
    "y: str = libskops.audit('a').names[0].count": "assignment",
    "libskops.Model.load('a', trust=1)": "arg-type",
    "sio.dumps(1, level=3)": "call-arg",
    "libskops.nothing": "attr-defined",
}


def test_what_types_refuse(tmp_path):
    program = tmp_path / "program.py"
    program.write_text("\n".join(["import libskops, libskops.io as sio", *REFUSED]) + "\n")
    out = mypy(program).stdout
    found = {int(line): code for line, code in re.findall(r"program\.py:(\d+): error: .*\[([\w-]+)\]", out)}
    assert found == {number: code for number, code in enumerate(REFUSED.values(), 2) if code}, out
