"""Policy files in Python and in the command: what they change, when they are read, what they refuse."""

import io
import json
import os
import pathlib
import subprocess
import sys
import zipfile

import numpy as np
import pytest

import libskops
import libskops.io as sio
from command import name_node, schema_file

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND = ROOT / "build/bin/libskops_at"


@pytest.fixture(autouse=True)
def own_policy():
    yield
    libskops.read_policy(system=None, user=None, project=None)


@pytest.fixture
def folder(tmp_path):
    for part in ("at/etc", "at/user", "project/.libskops"):
        (tmp_path / part).mkdir(parents=True)
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o755)
    return tmp_path


def policy(path, allow=(), deny=()):
    path.write_text(json.dumps({"version": 1, "allow": list(allow), "deny": list(deny)}))
    path.chmod(0o644)
    return path


def run(folder, *arguments, cwd=None):
    return subprocess.run([str(COMMAND), str(folder / "at"), *map(str, arguments)], capture_output=True, text=True,
                          timeout=60, cwd=cwd or folder)


def answer(folder, *arguments, cwd=None):
    return json.loads(run(folder, *arguments, "--json", cwd=cwd).stdout)


DTYPE = np.dtype("float32")  # numpy.dtype is not trusted by default


# Python

def test_the_users_file_allows(folder):
    data = sio.dumps([DTYPE])
    libskops.read_policy(system=None, user=None, project=None)
    assert sio.get_untrusted_types(data=data) == ["numpy.dtype"]
    with pytest.raises(sio.UntrustedTypesFoundException):
        sio.loads(data)
    user = policy(folder / "at/user/policy.json", ["numpy.dtype"])
    libskops.read_policy(system=None, user=user, project=None)
    assert sio.get_untrusted_types(data=data) == [] and sio.loads(data) == [DTYPE]
    assert libskops.audit(data).ok
    rule = next(name for name in libskops.audit(data).names if name.name == "numpy.dtype")
    assert rule.origin == f"{user}:1" and rule.reason == "rule"


def test_deny_beats_what_a_call_and_the_defaults_allow(folder):
    data = sio.dumps([DTYPE, np.float32(1)])
    system = policy(folder / "at/etc/policy.json", deny=["numpy.float32"])
    user = policy(folder / "at/user/policy.json", ["numpy.*"])
    libskops.read_policy(system=system, user=user, project=None)
    with pytest.raises(sio.UntrustedTypesFoundException, match="numpy.float32"):
        sio.loads(data, trusted=["numpy.float32", "numpy.dtype"])
    assert sio.loads(sio.dumps([DTYPE])) == [DTYPE]
    with pytest.raises(libskops.UntrustedError):
        libskops.Model.load(data, trust=["numpy.float32"])


def test_what_loads_remember_is_of_one_policy(folder):
    """Names that are remembered from load to load, with rules and without, in every order."""
    data = sio.dumps({"a": np.float32(1), "b": np.arange(3)})
    user = folder / "at/user/policy.json"
    for _ in range(3):
        libskops.read_policy(system=None, user=policy(user, deny=["numpy.ndarray"]), project=None)
        for _ in range(2):
            with pytest.raises(sio.UntrustedTypesFoundException):
                sio.loads(data)
        libskops.read_policy(system=None, user=policy(user, ["numpy.dtype"]), project=None)
        assert sio.loads(data)["a"] == 1 and sio.loads(sio.dumps([DTYPE])) == [DTYPE]
        libskops.read_policy(system=None, user=None, project=None)
        assert sio.loads(data)["a"] == 1
        with pytest.raises(sio.UntrustedTypesFoundException):
            sio.loads(sio.dumps([DTYPE]))


def test_projects_are_inert_until_adopted(folder):
    data = sio.dumps([DTYPE])
    project = folder / "project"
    file = policy(project / ".libskops/policy.json", ["numpy.dtype"])
    places = {"system": None, "user": folder / "at/user/policy.json", "project": project}
    rows = libskops.read_policy(**places)
    assert [row["state"] for row in rows] == ["absent", "not adopted"]
    assert sio.get_untrusted_types(data=data) == ["numpy.dtype"]
    assert "policy.not-adopted" in [f["code"] for f in libskops.audit(data).findings]
    assert run(folder, "trust", "adopt", project).returncode == 0
    libskops.read_policy(**places)
    assert sio.loads(data) == [DTYPE] and not libskops.audit(data).findings
    file.write_text(file.read_text() + "\n")
    with pytest.warns(UserWarning, match="has been changed since it was adopted"):
        rows = libskops.read_policy(**places)
    assert rows[-1]["state"] == "changed" and "libskops trust adopt" in rows[-1]["text"]
    assert sio.get_untrusted_types(data=data) == ["numpy.dtype"]
    assert "policy.project-changed" in [f["code"] for f in libskops.audit(data).findings]


def test_a_wrong_file_stops_loads_and_keeps_what_was_read(folder):
    user = folder / "at/user/policy.json"
    user.write_text('{"version": 1,\n "alow": []}')
    user.chmod(0o644)
    with pytest.raises(libskops.UsageError, match=r"policy.json:2:2: the key alow is unknown") as error:
        libskops.read_policy(system=None, user=user, project=None)
    assert error.value.code == "policy.bad-file"
    user.chmod(0o666)
    with pytest.raises(libskops.UsageError, match="can be written by everybody"):
        libskops.read_policy(system=None, user=user, project=None)
    assert sio.loads(sio.dumps([1])) == [1]


def test_importing_reads_no_policy(folder):
    """A broken policy is met by the first load, and by nothing before it."""
    user = folder / "at/user/policy.json"
    user.write_text("{")
    script = ("import libskops, libskops.io as sio, libskops._core as core\n"
              "data = sio.dumps([1])\n"
              "try:\n    libskops.read_policy(system=None, user=%r, project=None)\n"
              "except libskops.UsageError: print('refused')\n"
              "print([row['layer'] for row in libskops.policy_files()][:2], sio.loads(data))" % str(user))
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, cwd="/",
                         env={**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)})
    assert out.stdout == "refused\n['system', 'user'] [1]\n", out.stderr
    assert str(folder) not in str(libskops.read_policy())


# Operators

@pytest.mark.parametrize("make", [
    "operator.methodcaller('eval', 'x')", "operator.methodcaller('__reduce__')",
    "operator.methodcaller('load', file=1)", "operator.methodcaller('query', '@f()')",
    "operator.methodcaller('apply', 'eval', 0, False, None, ('@f()',))",
    "operator.attrgetter('a.__globals__')",
    "operator.attrgetter('real', '__class__')"])
def test_operators_that_reach_around_are_not_dumped(make):
    import operator
    with pytest.raises(sio.UnsupportedTypeException, match="nobody would load it"):
        sio.dumps(eval(make, {"operator": operator}))


HARMLESS = [line.split("\t") for line in (ROOT / "core/trust/harmless_methods.tsv").read_text().splitlines()]


@pytest.mark.parametrize("method,name", HARMLESS)
def test_harmless_methods_exist_and_take_no_function(method, name):
    """Each is a method of the class that its row names; none of its parameters is a function."""
    import builtins
    import inspect
    module, _, cls = name.rpartition(".")
    found = getattr(getattr(pytest.importorskip(module) if module else builtins, cls), method)
    assert callable(found)
    try:
        parameters = set(inspect.signature(found).parameters)
    except ValueError:  # of compiled code
        return
    assert not parameters & {"func", "function", "key", "mapper", "converter", "callback", "file", "path", "buf"}


def calls(method, *args):
    """What skops writes for a methodcaller: libskops refuses to dump some."""
    import operator
    data = io.BytesIO(sio.dumps(operator.methodcaller("round", *args)))
    out = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(out, "w") as new:
        new.writestr("schema.json", old.read("schema.json").replace(b"round", method.encode()))
    return out.getvalue()


def test_a_rule_for_methodcaller_allows_what_computes():
    assert sio.loads(calls("lower"), trusted=["operator.methodcaller"])("A") == "a"
    assert sio.get_untrusted_types(data=calls("lower")) == ["operator.methodcaller"]
    for method in ("eval", "to_csv", "my_method", "__len__"):
        for trusted in (["operator.methodcaller"], ["operator.*"]):
            with pytest.raises(sio.UntrustedTypesFoundException,
                               match=rf"\['operator.methodcaller'\](.|\n)*{method}"):
                sio.loads(calls(method), trusted=trusted)


def test_methods_of_users_are_saved():
    """A program that knows its own methods lifts the refusal; so they can be dumped."""
    import operator
    assert sio.dumps(operator.methodcaller("my_method"))


def test_a_program_lifts_a_refusal():
    """In a process of its own: what is lifted stays so."""
    script = """
import operator, sys
import libskops, libskops.io as sio
data = sio.dumps(operator.methodcaller("bit_length"))
def loaded(**options):
    try:
        return sio.loads(data, **options)(5)
    except sio.UntrustedTypesFoundException as error:
        return type(error).__name__
for name in ("", "a b", "operator.*"):
    try:
        libskops.trust_refused(name)
    except libskops.UsageError as error:
        print(error.code)
print(loaded(trusted=["operator.methodcaller"]))
libskops.trust_refused("operator.methodcaller")
libskops.trust_refused("operator.methodcaller")
print(loaded(), loaded(trusted=["operator.methodcaller"]))
print(libskops.audit(data, trust="operator.methodcaller").ok, libskops.audit(data).ok)
print(libskops.audit(data, trust="operator.methodcaller", deny="operator.*").ok)
"""
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert out.stdout.split("\n")[:-1] == [
        "policy.bad-rule"] * 3 + ["UntrustedTypesFoundException", "UntrustedTypesFoundException 3", "True False",
                                  "False"], out.stderr


# The command

def test_layers_of_the_command(folder):
    data = folder / "dtype.skops"
    sio.dump([DTYPE, np.float32(1)], data)
    assert run(folder, "audit", data).returncode == 1
    policy(folder / "at/etc/policy.json", ["numpy.dtype"])
    assert run(folder, "audit", data).returncode == 0
    policy(folder / "at/user/policy.json", deny=["numpy.dtype"])
    found = answer(folder, "audit", data)["audit"]
    assert found["untrusted"] == ["numpy.dtype"]
    (folder / "at/user/policy.json").unlink()
    given = policy(folder / "given.json", deny=["numpy.float32"])
    assert run(folder, "audit", data, "--policy", given).returncode == 1
    out = run(folder, "predict", data, folder / "x.npy", "--policy", given)
    assert out.returncode == 1 and f"deny numpy.float32 ({given}:1)" in out.stderr
    out = run(folder, "audit", data, "--policy", folder / "gone.json")
    assert out.returncode == 7 and out.stderr.startswith(f"libskops: {folder}/gone.json: no such file; name")
    given.chmod(0o664)
    out = run(folder, "audit", data, "--policy", given)
    assert out.returncode == 2 and "can be written by its group" in out.stderr
    # Showing decides nothing, and works when a policy is broken.
    (folder / "at/user/policy.json").write_text("{")
    assert run(folder, "audit", data).returncode == 2
    assert run(folder, "show", data).returncode == 0


def test_list_shows_what_has_no_effect(folder):
    policy(folder / "at/etc/policy.json", deny=["experiments.*", {"library": "xgboost", "version": "<2"}])
    policy(folder / "at/user/policy.json", ["experiments.a.B", "mine.*", "mine.models.C", "minerals.C", "os.*", "nosuch",
                                            {"library": "xgboost", "version": ">=99"},
                                            {"library": "builtins", "version": ">=1"}, "pandas", "pandas"])
    rows = {(row.get("name") or row.get("prefix") or row["library"], row["effect"]): row
            for row in answer(folder, "trust", "list")["rules"][::-1]}
    why = {key: row["why"] for key, row in rows.items()}
    assert why["experiments.*", "deny"] == "" and why["mine.*", "allow"] == "" and why["pandas", "allow"] == ""
    assert why["experiments.a.B", "allow"].startswith("denied by deny experiments.*")
    assert why["mine.models.C", "allow"].startswith("covered by trust mine.*")
    assert why["os.*", "allow"].startswith("always refused")
    assert why["minerals.C", "allow"] == ""
    assert why["nosuch", "allow"] == "no plugin of this host describes the library"
    assert why["xgboost", "allow"].startswith("the plugin describes the release")
    assert why["xgboost", "deny"].startswith("the plugin describes the release")
    assert why["builtins", "allow"] == "the plugin says of no release"
    assert all(row["in_effect"] == (row["why"] == "") for row in rows.values())
    twice = [row["why"] for row in answer(folder, "trust", "list")["rules"] if row.get("library") == "pandas"]
    assert twice[0] == "" and twice[1].startswith("covered by trust pandas")


def test_list_shows_what_a_denied_library_has(folder):
    policy(folder / "at/etc/policy.json", deny=["xgboost"])
    policy(folder / "at/user/policy.json", ["xgboost.core.Booster", "xgboost.unheard.Of", "xgboost"])
    rows = {row.get("name") or row["library"]: row["why"] for row in answer(folder, "trust", "list")["rules"]
            if row["effect"] == "allow"}
    assert rows["xgboost.core.Booster"].startswith("denied by deny xgboost")
    assert rows["xgboost"].startswith("denied by deny xgboost") and rows["xgboost.unheard.Of"] == ""


def test_names_that_no_rule_can_allow(folder):
    for name in ("collections.OrderedDict.__getitem__", "mine.models.__builtins__", "gzip.open", "sklearn.utils._testing.x"):
        out = run(folder, "trust", "add", name)
        assert out.returncode == 2 and "policy.refused-name" in out.stderr, name
        said, = answer(folder, "trust", "explain", name)["names"]
        assert {use["decision"] for use in said["uses"]} == {"denied"} and said["allow"] == "", name
    said, = answer(folder, "trust", "explain", "mine.models.<lambda>")["names"]
    assert said["allow"] == "" and said["uses"][0]["decision"] == "undecided"
    schema_file(folder / "lambda.skops", name_node("mine.models", "<lambda>", "FunctionNode"))
    shown = run(folder, "audit", folder / "lambda.skops").stdout
    assert "trust add" not in shown and "anonymous function" in shown


def test_add_and_remove(folder):
    user = folder / "at/user/policy.json"
    assert run(folder, "trust", "add", "xgboost", "--version", ">=2,<4").returncode == 0
    assert answer(folder, "trust", "add", "xgboost", "--version", ">=2,<4")["added"] is False
    before = user.read_text()
    for arguments, code in ((["os.system"], "policy.refused-name"), (["os.*"], "policy.refused-name"),
                            (["builtins.eval"], "policy.refused-name"), (["*"], "policy.bad-rule"),
                            (["a.b", "--version", ">=2"], "policy.bad-rule"),
                            (["xgboost", "--version", "2"], "policy.bad-rule"),
                            (["a.<lambda>"], "policy.bad-rule"), ([""], "policy.bad-rule")):
        out = run(folder, "trust", "add", *arguments)
        assert out.returncode == 2 and code in out.stderr, out.stderr
    assert run(folder, "trust", "remove", "xgboost", "--deny").returncode == 2
    assert user.read_text() == before
    assert run(folder, "trust", "add", "os.system", "--deny").returncode == 0
    assert run(folder, "trust", "remove", "xgboost").returncode == 0
    assert json.loads(user.read_text())["allow"] == []
    policy(folder / "at/etc/policy.json", ["a.b"])
    out = run(folder, "trust", "remove", "a.b")
    assert out.returncode == 2 and "policy.json:1" in out.stderr


def model(folder, name, *nodes):
    schema_file(folder / name, name_node("builtins", "list", "ListNode", content=list(nodes)))
    return folder / name


def test_suggest(folder):
    def suggested(*files):
        out = answer(folder, "trust", "suggest", *files)
        return [row["rule"].get("library") or row["rule"]["name"] for row in out["suggestions"]], out

    classifier = name_node("xgboost.sklearn", "XGBClassifier", "ObjectNode")
    booster = name_node("xgboost.core", "Booster", "ObjectNode")
    unknown = name_node("xgboost.callback", "Thing", "ObjectNode")
    one = model(folder, "one.skops", classifier)
    two = model(folder, "two.skops", classifier, booster)
    odd = model(folder, "odd.skops", classifier, booster, unknown)
    bad = model(folder, "bad.skops", name_node("os", "system", "FunctionNode"), booster)
    # One name: just that one. Several: the library. One that it does not declare: each by its name.
    assert suggested(one)[0] == ["xgboost.sklearn.XGBClassifier"]
    assert suggested(two)[0] == ["xgboost"] and suggested(one, two)[0] == ["xgboost"]
    assert suggested(odd)[0] == ["xgboost.callback.Thing", "xgboost.core.Booster", "xgboost.sklearn.XGBClassifier"]
    rules, out = suggested(bad)
    assert rules == ["xgboost.core.Booster"] and [row["name"] for row in out["refused"]] == ["os.system"]
    assert run(folder, "trust", "suggest", bad).returncode == 1
    assert run(folder, "trust", "suggest", odd).returncode == 0
    # What it suggests is enough, and nothing is left to suggest.
    for file in (one, two, odd):
        (folder / "s.json").write_text(json.dumps(suggested(file)[1]["policy"]))
        (folder / "s.json").chmod(0o644)
        assert run(folder, "trust", "check", file, "--policy", folder / "s.json").returncode == 0
        assert answer(folder, "trust", "suggest", file, "--policy", folder / "s.json")["suggestions"] == []
    assert "no rule is needed" in run(folder, "trust", "suggest", model(folder, "none.skops")).stdout


def test_places_are_those_of_the_audit(folder):
    one = model(folder, "one.skops", name_node("mine", "Thing", "ObjectNode"))
    two = model(folder, "two.skops", name_node("numpy", "add", "FunctionNode"),
                name_node("os", "system", "FunctionNode"), name_node("mine", "Other", "ObjectNode"))
    audited = {row["name"]: row for file in (one, two)
               for row in json.loads(run(folder, "audit", file, "--json").stdout)["audit"]["names"]}
    checked = [json.loads(line) for line in run(folder, "trust", "check", one, two, "--json").stdout.splitlines()]
    rows = [name for row in checked for name in row["missing"]]
    out = answer(folder, "trust", "suggest", one, two)
    suggested = [name for rule in out["suggestions"] for name in rule["names"]]
    assert {row["name"] for row in rows} == {"mine.Thing", "mine.Other", "os.system"}
    for row in rows + suggested + out["refused"]:
        wanted = audited[row["name"]]
        assert (row["paths"], row["places"]) == (wanted["paths"], wanted["places"]), row["name"]
    assert {row["name"]: row["file"] for row in suggested + out["refused"]} == {
        "mine.Thing": str(one), "mine.Other": str(two), "os.system": str(two)}
    text = run(folder, "trust", "suggest", one, two).stdout
    assert f"\n    at list[0] in {one}\n" in text and f"; at list[1] in {two}\n" in text
    assert "\n    at list[0]\n" in run(folder, "trust", "suggest", one).stdout


def test_suggest_names_nothing_that_no_rule_can_say(folder):
    file = model(folder, "f.skops", name_node("mine", "<lambda>", "FunctionNode"),
                 name_node("mine", "A.B", "ObjectNode"), name_node("x", "Y", "FancyNode"),
                 name_node("m" * 900, "C" * 900, "ObjectNode"))
    out = answer(folder, "trust", "suggest", file)
    assert out["suggestions"] == [] and len(out["refused"]) == 4


def test_check(folder):
    good = folder / "good.skops"
    sio.dump({"a": 1}, good)
    bad = model(folder, "bad.skops", name_node("mine", "Thing", "ObjectNode"))
    assert run(folder, "trust", "check", good).returncode == 0
    out = run(folder, "trust", "check", good, bad)
    assert out.returncode == 1 and "? mine.Thing, as object: no rule names it; at list[0]" in out.stdout
    rows = [json.loads(line) for line in run(folder, "trust", "check", good, bad, "--json").stdout.splitlines()]
    assert [row["ok"] for row in rows] == [True, False]
    assert [name["name"] for name in rows[1]["missing"]] == ["mine.Thing"]
    (folder / "noise").write_bytes(b"no archive")
    out = run(folder, "trust", "check", folder / "noise", bad)
    assert out.returncode == 3 and "mine.Thing" in out.stdout


def test_explain(folder):
    policy(folder / "at/etc/policy.json", ["a.b.C"], deny=["experiments.*"])
    names = ["a.b.C", "experiments.x.Y", "os.system", "numpy.add", "xgboost.core.Booster", "who.Knows"]
    rows = {row["name"]: row for row in answer(folder, "trust", "explain", *names)["names"]}
    use = {name: row["uses"][0] for name, row in rows.items()}
    assert (use["a.b.C"]["decision"], use["a.b.C"]["origin"]) == ("allowed", f"{folder}/at/etc/policy.json:1")
    assert use["experiments.x.Y"]["decision"] == "denied" and use["experiments.x.Y"]["reason"] == "rule"
    assert use["os.system"]["reason"] == "standing-refusal" and rows["os.system"]["allow"] == ""
    assert (use["numpy.add"]["use"], use["numpy.add"]["reason"]) == ("function", "trusted-by-default")
    assert rows["xgboost.core.Booster"]["allow"] == "libskops trust add xgboost"
    assert rows["who.Knows"]["allow"] == "libskops trust add who.Knows"
    for bad in ("a", "", "a..b", "a b.c", "a.*"):
        assert run(folder, "trust", "explain", bad).returncode == 2, bad


def test_adopt_and_revoke(folder):
    project = folder / "project"
    data = project / "dtype.skops"
    sio.dump([DTYPE], data)
    policy(project / ".libskops/policy.json", ["numpy.dtype"])
    out = run(folder, "audit", data, cwd=project)
    assert out.returncode == 1 and "policy.not-adopted" in out.stdout
    assert run(folder, "audit", data).returncode == 1  # elsewhere nobody sees it
    assert run(folder, "trust", "revoke", cwd=project).returncode == 2
    assert run(folder, "trust", "adopt", folder / "at").returncode == 7
    adopted = answer(folder, "trust", "adopt", cwd=project)
    assert [rule["name"] for rule in adopted["rules"]] == ["numpy.dtype"]
    assert run(folder, "audit", data, cwd=project).returncode == 0
    policy(project / ".libskops/policy.json", ["numpy.dtype", "a.b"])
    out = run(folder, "audit", data, cwd=project)
    assert out.returncode == 1 and "policy.project-changed" in out.stdout
    answer(folder, "trust", "adopt", cwd=project)
    assert run(folder, "audit", data, cwd=project).returncode == 0
    assert run(folder, "trust", "revoke", project).returncode == 0
    assert run(folder, "audit", data, cwd=project).returncode == 1


def test_a_model_file_grants_nothing(folder):
    """A policy in, beside or above the model that nobody named counts for nothing."""
    file = model(folder, "model.skops", name_node("mine", "Thing", "ObjectNode"))
    text = '{"version": 1, "allow": ["mine.Thing"]}'
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("policy.json", text)
    (folder / "policy.json").write_text(text)
    (folder / "model.skops.policy.json").write_text(text)
    (folder / ".libskops").mkdir()
    (folder / ".libskops/policy.json").write_text(text)
    out = answer(folder, "trust", "check", file)
    assert not out["ok"] and [name["name"] for name in out["missing"]] == ["mine.Thing"]


def test_no_environment_variable_widens_trust(folder):
    """The home and the folders come from the password database and the code alone."""
    home = folder / "home/.config/libskops"
    home.mkdir(parents=True)
    policy(home / "policy.json", ["mine.Thing"])
    file = model(folder, "model.skops", name_node("mine", "Thing", "ObjectNode"))
    places = {name: str(folder / "home") for name in ("HOME", "USERPROFILE", "XDG_CONFIG_DIRS", "LIBSKOPS_HOME")}
    places |= {"XDG_CONFIG_HOME": str(home.parent), "LIBSKOPS_POLICY": str(home / "policy.json"), "USER": "nobody"}
    out = subprocess.run([ROOT / "build/bin/libskops", "audit", file], env={**os.environ, **places}, cwd=folder,
                         capture_output=True, text=True, timeout=60)
    assert out.returncode == 1 and "mine.Thing" in out.stdout
