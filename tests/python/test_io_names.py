"""The name that is audited is not all: what it leads to may have another one, which is always refused."""

import functools
import sys
import types

import pytest

import libskops
import libskops.io as sio
from nodes import archive, mapping, node, plain, sequence


@pytest.fixture(autouse=True)
def company(monkeypatch):
    """A package of somebody's own, as `mycompany.*` in a policy, which imports what modules import."""
    import os
    import pickle
    import random
    import subprocess

    module = types.ModuleType("mycompany.models")

    class Model:
        load = staticmethod(pickle.loads)
        module = os

        def fit(self):
            return self

    class Reader(pickle.Unpickler):
        pass

    for cls in (Model, Reader):
        cls.__module__, cls.__qualname__ = "mycompany.models", cls.__name__

    def score(x):
        return x

    score.__module__, score.__qualname__ = "mycompany.models", "score"
    vars(module).update(
        os=os, Model=Model, Reader=Reader, score=score, system=os.system, Popen=subprocess.Popen, run=eval,
        shell=functools.partial(functools.partial(os.system), "true"), sample=random.random,
        half=functools.partial(score), generator=random.Random(0), reload=sys.modules["importlib"].reload,
        code=types.CodeType, module=types.ModuleType, function=types.FunctionType, method=types.MethodType)
    monkeypatch.setitem(sys.modules, "mycompany", types.ModuleType("mycompany"))
    monkeypatch.setitem(sys.modules, "mycompany.models", module)
    return module


def named(name, loader="FunctionNode"):
    return archive(node(loader, f"mycompany.models.{name}"))


def method(name, owner):
    """A bound method; its node says the class of its owner."""
    full = f"{owner['__module__']}.{owner['__class__']}"
    return archive(node("MethodNode", full, content={"obj": owner, "func": name}))


REFUSED = ["os", "system", "Popen", "run", "shell", "reload", "code", "module", "function", "method"]


@pytest.mark.parametrize("loader", ["FunctionNode", "TypeNode"])
@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("rule", ["mycompany.*", "mycompany.models.{}"])
def test_other_names_of_what_is_refused(name, loader, rule):
    with pytest.raises(sio.exceptions.UntrustedTypesFoundException) as caught:
        sio.loads(named(name, loader), trusted=[rule.format(name)])
    assert caught.value.code == "trust.another-name"
    assert caught.value.types == [f"mycompany.models.{name}"]


def test_a_class_that_would_be_made_or_called(monkeypatch):
    called = []
    monkeypatch.setattr("subprocess.Popen.__init__", lambda *_: called.append(1))
    for root in (node("ConstructorFromReduceNode", "mycompany.models.Popen", content=sequence("tuple", plain("id"))),
                 node("ObjectNode", "mycompany.models.Popen", content=mapping({"a": plain(1)}))):
        with pytest.raises(libskops.UntrustedError, match="subprocess.Popen, which is always refused"):
            sio.loads(archive(root), trusted=["mycompany.*"])
    assert not called


@pytest.mark.parametrize("name, owner", [
    ("load", node("ObjectNode", "mycompany.models.Model")),
    ("module", node("ObjectNode", "mycompany.models.Model")),
    ("load", node("TypeNode", "mycompany.models.Reader")),
    ("system", node("FunctionNode", "mycompany.models.os")),
])
def test_methods(name, owner):
    with pytest.raises(libskops.UntrustedError) as caught:
        sio.loads(method(name, owner), trusted=["mycompany.*"])
    assert caught.value.code == "trust.another-name"


def test_what_is_ones_own_stays(company):
    for name in ("score", "sample", "half", "generator"):
        assert sio.loads(named(name), trusted=["mycompany.*"]) is getattr(company, name)
    assert sio.loads(named("Model", "TypeNode"), trusted=["mycompany.*"]) is company.Model
    model = node("ObjectNode", "mycompany.models.Model")
    assert sio.loads(method("fit", model), trusted=["mycompany.*"]).__func__ is company.Model.fit


def test_a_program_lifts_it(company):
    import os
    company.lifted = os.kill
    with pytest.raises(libskops.UntrustedError):
        sio.loads(named("lifted"), trusted=["mycompany.models.lifted"])
    libskops.trust_refused("mycompany.models.lifted")  # for the rest of this process
    assert sio.loads(named("lifted"), trusted=["mycompany.models.lifted"]) is os.kill
