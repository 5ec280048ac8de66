"""libskops.report: one report of several files, the same as the command's."""

import json
import os
import pathlib
import subprocess

import pytest

import libskops
from command import ROOT
from files import hostile, one_node, written
from test_audit_sarif import checked

COMMAND = ROOT / "build/bin/libskops_at"
FORMATS = ("text", "json", "sarif", "html")


def audited(path):
    try:
        return libskops.audit(path)
    except libskops.Error as error:
        return error


@pytest.fixture
def folder(tmp_path):
    """Files that are fine, have a name to decide, and cannot be audited; the name of one is odd."""
    (tmp_path / "fine.skops").write_bytes(written("pipeline"))
    (tmp_path / "t\u00f6 d\u202eo <b>.skops").write_bytes(one_node(("mine", "f"), "FunctionNode"))
    (tmp_path / "deny.skops").write_bytes(hostile(("os", "system")))
    (tmp_path / "noise.skops").write_bytes(b"no archive")
    return tmp_path


def command(folder, paths, form):
    return subprocess.run([COMMAND, folder / "at", "audit", *paths, "--format", form], capture_output=True, timeout=60)


@pytest.mark.parametrize("form", FORMATS)
def test_it_is_the_report_of_the_command(folder, form):
    files = sorted(folder.glob("*.skops"))
    out = command(folder, files, form)
    assert out.returncode == 3
    text = libskops.report({str(path): audited(path) for path in files}, form)
    wanted = out.stdout.decode()
    if form in ("sarif", "html"):
        assert text + "\n" == wanted
    elif form == "text":  # the command says what is wrong with a file on standard error, and goes on
        where = text.index(str(folder / "noise.skops") + ": ")
        line, rest = text[where:].split("\n", 1)
        assert line == f"{folder}/noise.skops: {libskops.report({'': audited(folder / 'noise.skops')}).rstrip()}"
        assert text[:where] + rest.removeprefix("\n") == wanted
    else:
        rows = [json.loads(line) for line in text.splitlines()]
        assert [row["file"] for row in rows] == list(map(str, files))
        assert [row for row in rows if "error" not in row] == [json.loads(line) for line in wanted.splitlines()]
        error = next(row["error"] for row in rows if "error" in row)
        assert (error["code"], error["status"]) == ("archive.not-zip", 3) and error["text"] in error["message"]


def test_audits_alone_are_called_as_they_were_opened(folder):
    audits = [libskops.audit(path) for path in sorted(folder.glob("[df]*.skops"))]
    for form in FORMATS:
        assert libskops.report(audits, form) == libskops.report({audit.file: audit for audit in audits}, form)
        assert libskops.report(iter(audits), format=form) == libskops.report(tuple(audits), form)
    run = checked(libskops.report(audits, "sarif"))
    assert [pathlib.Path(artifact["location"]["uri"]).name for artifact in run["artifacts"]] == ["deny.skops", "fine.skops"]


def test_one_audit_is_its_own_report():
    audit = libskops.audit(hostile(("mine", "Thing")))
    for form in ("text", "sarif", "html"):
        assert libskops.report([audit], form) == audit.report(form)
    assert json.loads(libskops.report([audit], "json"))["audit"] == json.loads(audit.report("json"))


def test_errors_are_results(folder):
    noise, text = audited(folder / "noise.skops"), libskops.UsageError("made by hand")
    run = checked(libskops.report({"noise.skops": noise, "hand.skops": text}, "sarif"))
    assert [result["ruleId"] for result in run["results"]] == ["file.refused"] * 2
    assert [result["message"]["text"] for result in run["results"]][0] == str(noise)
    assert run["results"][1]["message"]["text"] == "made by hand"
    assert run["invocations"][0]["executionSuccessful"] is False
    assert noise.text and noise.text in str(noise) and noise.text != str(noise)


def test_no_file_and_odd_names(tmp_path):
    assert libskops.report([]) == "" and libskops.report({}, "json") == ""
    assert checked(libskops.report([], "sarif"))["results"] == []
    odd = tmp_path / os.fsdecode(b"\xff\x1b[2J\n.skops")
    odd.write_bytes(written("linear"))
    audit = libskops.audit(odd)
    for form in FORMATS:
        text = libskops.report([audit, audit], form)
        assert "\x1b" not in text and text.encode()
    assert json.loads(libskops.report([audit], "json"))["file"].endswith("\ufffd\x1b[2J\n.skops")


@pytest.mark.parametrize("audits", [[1], ["model.skops"], {"a": "model.skops"}, {"a": None}, [ValueError()]])
def test_what_is_no_audit(audits):
    with pytest.raises(libskops.UsageError, match="an Audit or an Error"):
        libskops.report(audits)


def test_other_formats():
    with pytest.raises(libskops.UsageError, match="'sarif'"):
        libskops.report([], "xml")
