"""docs/policy.schema.json against the reader: what the schema refuses the reader refuses, and what our own
command writes and our pages show passes both."""

import json
import pathlib
import re
import subprocess

import jsonschema
import pytest

import libskops

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND = ROOT / "build/bin/libskops_at"
BAD = json.loads((ROOT / "tests/cases/policy/bad.json").read_text())
SCHEMA = json.loads((ROOT / "docs/policy.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)


def without_comments(text):
    return TOKEN.sub(lambda m: m[0] if m[0].startswith('"') else " ", text)


def schema_takes(text):
    return VALIDATOR.is_valid(json.loads(without_comments(text)))


def reader_takes(text, folder):
    path = folder / "policy.json"
    path.write_text(text, encoding="utf-8", newline="")
    path.chmod(0o644)
    try:
        libskops.read_policy(system=None, user=path, project=None)
    except libskops.Error:
        return False
    return True


@pytest.fixture(autouse=True)
def own_policy():
    yield
    libskops.read_policy(system=None, user=None, project=None)


@pytest.fixture
def folder(tmp_path):
    tmp_path.chmod(0o755)
    return tmp_path


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("row", BAD, ids=lambda row: row["name"])
def test_bad_files(row, folder):
    assert not reader_takes(row["text"], folder)
    if row["schema"] is not None:  # it is JSON
        assert schema_takes(row["text"]) is not row["schema"]


def test_the_table_is_as_it_is_made():
    namespace = {"__name__": "rows"}
    exec((ROOT / "tests/cases/policy/make_bad.py").read_text(), namespace)
    assert [(row["name"], row["text"], row["code"], row["place"], row["schema"]) for row in BAD] == namespace["ROWS"]
    assert sum(row["schema"] is True for row in BAD) > 60


def test_ten_thousand_rules_are_the_most(folder):
    for n, fits in ((10000, True), (10001, False)):
        text = json.dumps({"version": 1, "deny": ["a.b"] * n})
        assert reader_takes(text, folder) is fits and schema_takes(text) is fits


def variants(value):
    """The value with one part replaced by each of many others, everywhere."""
    others = [None, True, 0, 1, 2, -1, 1.5, "", " ", "*", "a", "a.b", "a.*", "A", "a..b", ".", "1", "a-b", "é.x", ">=1",
              ">= 2 , <4", "<", "a.b.*", "Xy_1.z9", "a b", "xgboost", [], {}, [[]], [{}], ["a.b", 1],
              {"name": "a.b"}, {"library": "a", "version": "==1"}, {"prefix": "a.*", "reason": ""}]
    yield from others
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {k: v for k, v in value.items() if k != key}
            for other in variants(inner):
                yield {**value, key: other}
        for key in ("name", "library", "prefix", "version", "reason", "allow", "x"):
            for other in ("a.b", "a", "a.*", 1, []):
                yield {**value, key: other}
    if isinstance(value, list):
        for at, inner in enumerate(value):
            for other in variants(inner):
                yield [*value[:at], other, *value[at + 1:]]


def test_hundreds_of_variants_are_judged_alike(folder):
    whole = {"version": 1, "allow": ["a.b", {"library": "lib", "version": ">=2,<4", "reason": "why"}],
             "deny": [{"name": "a.b"}, {"prefix": "m.n.*"}]}
    judged = [0, 0]
    for value in variants(whole):
        text = json.dumps(value, ensure_ascii=False)
        taken = schema_takes(text)
        assert reader_takes(text, folder) is taken, text
        judged[taken] += 1
    assert min(judged) > 50 and sum(judged) > 500


PAGES = [page for page in (ROOT / "docs").rglob("*.md")]
SHOWN = [(page.name, text) for page in PAGES for text in
         re.findall(r"<!-- example: policy -->\n```json\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)]


@pytest.mark.parametrize("page,text", SHOWN, ids=[page for page, _ in SHOWN])
def test_examples_of_the_pages(page, text, folder):
    assert schema_takes(text) and reader_takes(text, folder)


def test_the_pages_have_examples():
    assert SHOWN


def run(folder, *arguments):
    return subprocess.run([str(COMMAND), str(folder / "at"), *arguments], capture_output=True, text=True,
                          timeout=60, cwd=folder)


def test_what_the_command_writes(folder):
    for arguments in (["xgboost", "--version", ">=2,<4", "--reason", 'our "ranking" models, é'], ["pandas"],
                      ["mycompany.models.*"], ["numpy.dtype", "--deny"], ["a.b", "--reason", "x"],
                      ["experiments.*", "--deny", "--reason", "no"]):
        assert run(folder, "trust", "add", *arguments).returncode == 0
        text = (folder / "at/user/policy.json").read_text()
        assert schema_takes(text) and reader_takes(text, folder)
    for arguments in (["pandas"], ["numpy.dtype", "--deny"], ["xgboost"]):
        assert run(folder, "trust", "remove", *arguments).returncode == 0
        text = (folder / "at/user/policy.json").read_text()
        assert schema_takes(text) and reader_takes(text, folder)
    model = ROOT / "tests/data/sk19/Pipeline-columns-logistic/model.skops"
    suggested = json.loads(run(folder, "trust", "suggest", "--json", str(model)).stdout)
    assert schema_takes(json.dumps(suggested["policy"])) and suggested["policy"]["allow"]
