import pytest

import command


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Models dumped by the released skops, data for them, and odd files. Tests do not change it."""
    path = tmp_path_factory.mktemp("command")
    command.write_models(path)
    command.write_odd_files(path)
    return path
