"""Actual names and the lists of names: what is denied, or on a list, is so under the name that it has of itself."""

import importlib
import operator
import pathlib
import sys
import types
import warnings

import pytest

import libskops
import libskops.io as sio
from nodes import archive, node, sequence, type_node

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = [line.split("\t")[0] for line in (ROOT / "core/trust/refused_names.tsv").read_text().splitlines()]


@pytest.fixture
def models(monkeypatch):
    """A package as users have one, whose modules hold what they import."""
    import functools

    package, module = types.ModuleType("mycompany"), types.ModuleType("mycompany.models")
    package.models = module
    vars(module).update(
        caller=operator.methodcaller, getter=operator.attrgetter,
        call=functools.reduce)

    class Model:
        pass

    Model.__module__, Model.__qualname__ = "mycompany.models", "Model"
    module.Model, module.Other = Model, Model
    monkeypatch.setitem(sys.modules, "mycompany", package)
    monkeypatch.setitem(sys.modules, "mycompany.models", module)
    return module


def refusal(root, trusted=("mycompany.*",)):
    with pytest.raises(sio.UntrustedTypesFoundException) as caught:
        sio.loads(archive(root), trusted=list(trusted))
    assert caught.value.code == "trust.another-name"
    return str(caught.value)


@pytest.mark.parametrize("name", ["caller", "getter", "call"])
@pytest.mark.parametrize("loader", ["TypeNode", "FunctionNode"])
def test_operators_that_are_looked_at_only_as_nodes(models, name, loader):
    said = refusal(sequence("list", node(loader, f"mycompany.models.{name}", content=None)))
    assert f"['mycompany.models.{name}']" in said and "always refused" in said


def test_what_is_denied_is_denied_under_another_name(models):
    root = type_node("mycompany.models.Other")
    assert sio.loads(archive(root), trusted=["mycompany.*"]) is models.Model
    with pytest.raises(libskops.Error):  # Model.load denies by the name that the file writes
        libskops.Model.load(archive(root), deny="mycompany.models.Other")
    # In Python rules that deny are those of policy files.


def test_policy_files_deny_under_another_name(models, tmp_path):
    file = tmp_path / "policy.json"
    file.write_text('{"version": 1, "deny": ["mycompany.models.Model"]}')
    file.chmod(0o644)
    tmp_path.chmod(0o755)
    libskops.read_policy(system=None, user=file, project=None)
    try:
        said = refusal(type_node("mycompany.models.Other"))
        assert "is mycompany.models.Model, which is denied" in said and "policy.json:1" in said
    finally:
        libskops.read_policy(system=None, user=None, project=None)


def test_names_of_installed_libraries():
    for name in ("sklearn.utils.discovery.import_module", "sklearn.feature_selection._base.attrgetter"):
        module, _, attribute = name.rpartition(".")
        if hasattr(importlib.import_module(module), attribute):
            refusal(node("FunctionNode", name, content=None), ["sklearn.*"])


def refused(name):
    return name in TABLE or any(name.startswith(row[:-1]) for row in TABLE if row.endswith(".*"))


def resolved(name):
    """What `name` is in this Python, or nothing."""
    module, _, attribute = name.rpartition(".")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(importlib.import_module(module), attribute, None)
    except Exception:
        return None


def test_every_name_of_the_list_is_refused_by_its_actual_name_too():
    seen = 0
    for name in TABLE:
        found = None if name.endswith(".*") else resolved(name)
        module, qualname = getattr(found, "__module__", None), getattr(found, "__qualname__", None)
        if isinstance(module, str) and isinstance(qualname, str):
            seen += 1
            assert refused(f"{module}.{qualname}") or f"{module}.{qualname}" in (
                "operator.attrgetter", "operator.methodcaller",  # as they are
                "builtins.function"), name  # of the module types
    assert seen > 60


def test_no_name_that_is_trusted_by_default_is_refused_by_its_actual_name():
    seen = 0
    for plugin in ("numpy", "scipy", "sklearn"):
        for line in (ROOT / f"plugins/{plugin}/trusted_names.tsv").read_text().splitlines()[1:]:
            name = ".".join(line.split("\t")[:2])
            found = resolved(name)
            module, qualname = getattr(found, "__module__", None), getattr(found, "__qualname__", None)
            if isinstance(module, str) and isinstance(qualname, str):
                seen += 1
                assert not refused(f"{module}.{qualname}"), name
    assert seen > 150
