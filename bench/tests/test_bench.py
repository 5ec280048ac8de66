"""The benchmarks run, on tiny models, so that they cannot rot; peers that are not installed are named."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import loading
import peers
import scoring
import workloads


@pytest.mark.parametrize("name", workloads.WORKLOADS)
def test_scoring_runs(name):
    result, = scoring.main(["--quick", "--only", name])
    for peer in ("libskops", "scikit-learn"):
        assert peer in result["microseconds"], result["skipped"]
        assert result["microseconds"][peer]["one"] > 0
    assert set(result["microseconds"]) | set(result["skipped"]) == set(peers.PEERS)
    assert scoring.ratios(result)["one"][1] != "libskops"


def test_a_peer_that_differs_does_not_count(monkeypatch):
    monkeypatch.setitem(peers.PEERS, "wrong",
                        lambda workload, path: lambda rows: workload.model.predict_proba(rows) + 1e-4)
    result, = scoring.main(["--quick", "--only", "logistic"])
    assert "wrong" not in result["microseconds"]
    assert "differs by 1.0e-04" in result["skipped"]["wrong"]


def test_a_missing_peer_is_named(monkeypatch):
    def missing(workload, path):
        raise peers.Unavailable("not installed")
    monkeypatch.setitem(peers.PEERS, "missing", missing)
    result, = scoring.main(["--quick", "--only", "logistic"])
    assert "not installed" in result["skipped"]["missing"]


def test_loading_runs():
    command = pathlib.Path(__file__).resolve().parents[2] / "build/bin/libskops"
    result = loading.main(["--quick", "--command", str(command)])
    assert {"libskops", "pickle"} <= set(result["load_and_predict_ms"])
    assert result["cold_ms"]["libskops"] > 0
    assert result["audit"]["ms"] > 0
