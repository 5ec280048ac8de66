"""Where the tables of estimators are, warnings that do not matter here, and files for the command."""

import os
import pathlib
import sys
import warnings

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")
HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "data")]

import command  # noqa: E402


@pytest.fixture(autouse=True)
def quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.fixture(scope="session", autouse=True)
def no_policy_of_the_developer():
    import libskops

    libskops.read_policy(system=None, user=None, project=None)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Models dumped by the released skops, data for them, and odd files. Tests do not change it."""
    path = tmp_path_factory.mktemp("command")
    command.write_models(path)
    command.write_odd_files(path)
    return path
