"""A plugin of pytest that runs the tests of the installed skops against libskops.io.

    PYTHONPATH=tests/skops_suite python -m pytest -p in_place_of_skops -c tests/skops_suite/pytest.ini \
        .venv/lib/python3*/site-packages/skops/io/tests

In each collected module the public names of ``skops.io`` are bound to those of ``libskops.io``
instead, and during a test those of the package, for imports inside of it; skops itself stays as it is,
since its tests look into it. What cannot pass is named in named.json, with the reason:

- "internals": tests that never call a public function, so they say nothing about libskops. Skipped.
- "differs": tests that libskops fails on purpose. They have to fail: one that passes is an error.
- "better": tests that skops expects itself to fail (xfail) and that libskops passes. They have to pass,
  and no other test may that skops expects to fail (xfail_strict in pytest.ini).

A test that passes without having called libskops.io and is not named is an error, too; so is a name
that no test has. Where a package is missing that a test needs, it is skipped (`scripts/test --all` has
them all).
"""

import functools
import json
import pathlib
import types

import pytest

import libskops.io
import libskops.io.exceptions
import skops.io
import skops.io.exceptions

NAMED = json.loads(pathlib.Path(__file__).with_name("named.json").read_text("utf-8"))
OPTIONAL = ("lightgbm", "xgboost", "catboost", "quantile_forest")
calls = []


def _counted(function):
    @functools.wraps(function)
    def call(*args, **kwargs):
        calls.append(function.__name__)
        return function(*args, **kwargs)
    return call


FUNCTIONS = {name: _counted(getattr(libskops.io, name)) for name in skops.io.__all__}
OURS = types.ModuleType("libskops.io")
vars(OURS).update(FUNCTIONS, exceptions=libskops.io.exceptions)
REPLACED = [(getattr(skops.io, name), ours) for name, ours in FUNCTIONS.items()] + [
    (skops.io, OURS), (skops.io.exceptions, libskops.io.exceptions)] + [
    (getattr(skops.io.exceptions, name), getattr(libskops.io.exceptions, name))
    for name in libskops.io.exceptions.__all__]


def _reasons(kind):
    return {name: group["reason"] for group in NAMED[kind] for name in group["tests"]}


def _name(item):
    """file::test[parameters], then without the parameters, then the file."""
    full = item.nodeid.rpartition("tests/skops_suite/")[2] or item.nodeid
    full = f"{item.path.name}::{full.partition('::')[2]}"
    return full, full.partition("[")[0], item.path.name


def pytest_collection_modifyitems(config, items):
    for module in {item.module for item in items}:
        for name, value in list(vars(module).items()):
            for theirs, ours in REPLACED:
                if value is theirs:
                    setattr(module, name, ours)
    unused = set()
    for kind in ("internals", "differs", "better"):
        reasons = _reasons(kind)
        used = set()
        for item in items:
            name = next((name for name in _name(item) if name in reasons), None)
            if name is None:
                continue
            used.add(name)
            if kind == "internals":
                item.add_marker(pytest.mark.skip(reason=reasons[name]))
            elif kind == "differs":
                item.add_marker(pytest.mark.xfail(reason=reasons[name], strict=True))
            else:  # skops' own mark says that it fails
                item.own_markers = [mark for mark in item.own_markers if mark.name != "xfail"]
        unused |= set(reasons) - used
    if unused and len(config.args) == 1 and pathlib.Path(config.args[0]).is_dir() \
            and not config.option.keyword:
        raise pytest.UsageError(f"named.json names tests that skops does not have: {sorted(unused)}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    try:
        return (yield)
    except ModuleNotFoundError as error:
        if error.name in OPTIONAL:
            pytest.skip(f"{error.name} is not installed")
        raise


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    calls.clear()
    with pytest.MonkeyPatch.context() as patch:
        for name, ours in FUNCTIONS.items():
            patch.setattr(skops.io, name, ours)
        result = yield
    if not calls:
        pytest.fail("passes without a call of libskops.io: name it among the internals")
    return result
