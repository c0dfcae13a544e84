"""The small result folder, written once a session."""

import pytest

from tests.report.folder import write_folder


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("report") / "result")


@pytest.fixture(scope="session")
def saved(folder):
    from sim.report.saved import read_saved

    return read_saved(folder)
