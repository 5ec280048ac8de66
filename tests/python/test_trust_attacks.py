"""Nothing in, beside or named by a model file grants anything; no variable of the environment widens trust;
nothing is ever asked.

Each test gives a file with a name that nobody trusts everything that other tools take for a permission, and
expects the very answer that the file gets without it. How policy files are found is tested in test_trust.py.
"""

import io
import json
import os
import pty
import re
import subprocess
import sys
import zipfile

import pytest

import libskops
import libskops.io as sio
from command import COMMAND, ROOT, name_node
from files import one_node, with_schema, written

NAME = "mine.Thing"
POLICY = json.dumps({"version": 1, "allow": [NAME, "mine.*"]})


def untrusted(**more):
    return one_node(("mine", "Thing"), "ObjectNode", **more)


def refused(data):
    """The answer that must not change: not allowed, by no rule, and no object is made."""
    audit = libskops.audit(data)
    row = next(row for row in audit.names if row.name == NAME)
    assert audit.untrusted == [NAME] and not audit.ok
    assert (row.decision, row.reason, row.rule_text, row.origin) == ("undecided", "no-rule", "", "")
    assert sio.get_untrusted_types(data=data if isinstance(data, bytes) else None,
                                   file=None if isinstance(data, bytes) else data) == [NAME]
    with pytest.raises(Exception, match="Thing"):
        sio.loads(data) if isinstance(data, bytes) else sio.load(data)
    return audit


MEMBERS = ["policy.json", "trusted.json", "trusted_types.json", "__trusted__", "trust", "mine.skops-plugin.json",
           "manifest.json", "skops-plugin.lock.json", "entry_points.txt", "pyproject.toml"]
MANIFEST = json.dumps({"manifest_version": 1, "id": "mine", "version": "1", "abi": [1, 0], "library": [],
                       "loaders": [], "serializers": [], "types": [
                           {"trust": "default", "uses": ["object"], "modules": ["mine"], "names": ["Thing"]}]})


def with_member(member, comment=b""):
    data = io.BytesIO(untrusted())
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr(member, MANIFEST if "plugin" in member else POLICY)
        archive.comment = comment
    return data.getvalue()


@pytest.mark.parametrize("member", MEMBERS)
def test_members_grant_nothing(member):
    refused(with_member(member))


@pytest.mark.parametrize("data", [with_member(".libskops/policy.json"), with_member("../policy.json"),
                                  with_member("/etc/libskops/policy.json"), with_member("a", POLICY.encode())],
                         ids=["folder", "above", "system", "comment"])
def test_members_that_want_to_be_elsewhere_refuse_the_file(data):
    with pytest.raises(libskops.MalformedError):
        libskops.audit(data)


KEYS = ["trusted", "trust", "allow", "allowed", "__trusted__", "policy", "trusted_types", "decision", "_trust",
        "rule", "origin", "proposals_accepted", "native", "__library__"]


@pytest.mark.parametrize("key", KEYS)
def test_keys_of_the_schema_grant_nothing(key):
    for value in ([NAME], NAME, True, {"allow": [NAME]}, "allowed", "*"):
        refused(untrusted(**{key: value}))


def test_keys_of_nodes_and_of_dicts_grant_nothing():
    def change(schema):
        content, types = schema["content"]["content"], schema["content"]["key_types"]["content"]
        for k, key in enumerate(["trusted", "allow", "policy", "_libskops_trust"]):
            content[key] = {"__class__": "str", "__module__": "builtins", "__loader__": "JsonNode",
                            "content": json.dumps([NAME]), "is_json": True, "__id__": 98765432100 + k}
        content["extra"] = {**name_node("mine", "Thing", "ObjectNode"), "__id__": 987654321, "trusted": True,
                            "decision": "allowed", "trust": "default"}
        types += [{**types[0]}] * 5

    refused(with_schema(written("linear"), change))


BESIDE = ["{}.policy.json", "{}.json", "{}.trust", "{}.lock", "policy.json", "libskops.json", "trusted.json",
          "pyproject.toml", "setup.cfg", ".libskops.json", "libskops.policy.json", ".libskops/policy.json",
          ".config/libskops/policy.json", "plugins/mine.skops-plugin.json", "mine.skops-plugin.json", "mine.py",
          "sitecustomize.py", "libskops/__init__.py"]


def write_beside(folder, names=BESIDE, stem="model.skops"):
    for name in names:
        path = folder / name.format(stem)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".py":
            path.write_text("open('imported', 'w').close()\nclass Thing: pass\n")
        elif "plugin" in path.name:
            path.write_text(MANIFEST)
        else:
            path.write_text(POLICY)


def names_of(out):
    return [(row["name"], row["decision"], row["rule"]) for row in json.loads(out)["audit"]["names"]]


def test_files_beside_the_model_grant_nothing(tmp_path, monkeypatch):
    """From another folder, and from its own."""
    (tmp_path / "model.skops").write_bytes(untrusted())
    write_beside(tmp_path)
    monkeypatch.chdir(tmp_path)
    refused(str(tmp_path / "model.skops"))
    for folder in (ROOT, tmp_path):
        out = subprocess.run([COMMAND, "audit", "--json", tmp_path / "model.skops"], cwd=folder, timeout=60,
                             capture_output=True)
        assert out.returncode == 1 and names_of(out.stdout) == [(NAME, "undecided", "no rule names it")]
    assert not (tmp_path / "imported").exists()


FILE_NAMES = ["--trust=mine.Thing", "--policy=policy.json", "mine.Thing", "mine", "a --trust mine.Thing", "policy.json",
              "$(touch granted)", "`touch granted`", "x;touch granted", "%(trust)s", "{trust}"]


@pytest.mark.parametrize("name", FILE_NAMES)
def test_the_name_of_the_file_grants_nothing(name, tmp_path):
    (tmp_path / name).write_bytes(untrusted())
    out = subprocess.run([COMMAND, "audit", "--json", "--", name], cwd=tmp_path, capture_output=True, timeout=60)
    assert out.returncode == 1 and names_of(out.stdout) == [(NAME, "undecided", "no rule names it")]
    assert refused(str(tmp_path / name)).file == str(tmp_path / name)
    assert sorted(os.listdir(tmp_path)) == [name]


# ---- The environment ----

def variables():
    """Every name that could plausibly be read, with values that would open the door."""
    out = {}
    for prefix in ("LIBSKOPS", "SKOPS", "libskops"):
        for word in ("TRUST", "TRUSTED", "POLICY", "ALLOW", "TRUST_ALL", "CONFIG", "HOME", "PLUGINS", "PLUGIN_PATH",
                     "UNSAFE", "INSECURE", "DEBUG", "SYSTEM_POLICY", "USER_POLICY"):
            out[f"{prefix}_{word}"] = "{policy}" if "POLICY" in word or word == "CONFIG" else NAME
    for word in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_HOME", "XDG_DATA_DIRS"):
        out[word] = "{home}"
    return out


@pytest.mark.parametrize("way", ["command", "python"])
def test_no_variable_widens_trust(way, tmp_path):
    (tmp_path / "model.skops").write_bytes(untrusted())
    write_beside(tmp_path, [".config/libskops/policy.json", "libskops/policy.json", "policy.json"])
    for path in (tmp_path / ".config/libskops", tmp_path / "libskops"):
        path.chmod(0o700)
    values = {name: value.format(policy=tmp_path / "policy.json", home=tmp_path) for name, value in variables().items()}
    script = "import libskops, sys; print(libskops.audit(sys.argv[1]).report('json'))"
    line = [COMMAND, "audit", "--json"] if way == "command" else [sys.executable, "-c", script]
    outs = [subprocess.run([*line, tmp_path / "model.skops"], env=env, cwd=tmp_path / "libskops", timeout=60,
                           capture_output=True)
            for env in ({**os.environ}, {**os.environ, **values})]
    assert outs[0].stdout == outs[1].stdout and outs[0].returncode == outs[1].returncode
    assert b'"reason":"no-rule"' in outs[1].stdout and b'"ok":false' in outs[1].stdout


def test_the_sources_read_two_variables():
    """NO_COLOR and TERM, which are about colours. A third one has to be looked at, and listed here. The plugin
    validator's children compare the whole environment, to see which plugin changes it; they load no file."""
    read = set()
    for part, suffixes in (("core", (".cpp", ".hpp")), ("cli", (".cpp", ".hpp")), ("plugins", (".cpp", ".hpp")),
                           ("sdk", (".cpp", ".hpp")), ("python/src", (".cpp", ".hpp")), ("python/libskops", (".py",))):
        for path in sorted((ROOT / part).rglob("*")):
            if path.suffix in suffixes and path.is_file() and path != ROOT / "cli/validator/process_state.cpp":
                text = path.read_text("utf-8")
                read |= {(part, *match) for match in re.findall(
                    r"\b(getenv|secure_getenv|environ)\b\W{0,3}(?:get\W{1,2})?[\"'(]*(\w*)", text)}
    assert read == {("cli", "getenv", "NO_COLOR"), ("cli", "getenv", "TERM")}


# ---- Questions ----

QUESTIONS = {"audit": ["audit", "model.skops"], "predict": ["predict", "model.skops", "data.csv"],
             "show": ["show", "model.skops"], "html": ["audit", "model.skops", "--format", "html"],
             "trust check": ["trust", "check", "model.skops"], "trust suggest": ["trust", "suggest", "model.skops"]}


@pytest.mark.parametrize("name", QUESTIONS)
def test_nothing_is_asked(name, tmp_path):
    """At a terminal, where a question would wait for its answer, the command ends without reading."""
    (tmp_path / "model.skops").write_bytes(untrusted())
    (tmp_path / "data.csv").write_text("a\n1\n")
    ours, its = pty.openpty()
    try:
        os.write(ours, b"y\ny\nyes\n")
        process = subprocess.run([COMMAND, *QUESTIONS[name]], stdin=its, capture_output=True, cwd=tmp_path, timeout=60)
        os.set_blocking(its, False)
        assert os.read(its, 100).startswith(b"y"), "somebody read the answer"
    finally:
        os.close(ours)
        os.close(its)
    assert process.returncode == {"show": 0}.get(name, process.returncode) and b"?\n" not in process.stdout[-3:]
    assert process.returncode != 0 or name in ("show", "trust suggest")


def test_python_asks_nothing(tmp_path):
    (tmp_path / "model.skops").write_bytes(untrusted())
    script = ("import builtins, sys, libskops, libskops.io as sio\n"
              "def asked(*_): raise SystemExit('asked')\n"
              "builtins.input = asked\n"
              "class Closed:\n"
              "    def __getattr__(self, name): asked()\n"
              "sys.stdin = Closed()\n"
              "libskops.audit('model.skops').report()\n"
              "try: sio.load('model.skops')\n"
              "except Exception as error: print(type(error).__name__)\n")
    out = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert out.stdout == "UntrustedTypesFoundException\n", out.stderr
