"""Plugins of installed packages: found when something needs them, never trusted by being there."""

import hashlib
import json
import os

import pytest

import nodes
from nodes import archive, node, sequence
from packages import HOOKED, MANIFEST, MODULES, install, run
from packages import HOOKED, MANIFEST, MODULES, install, run

OWN = {"builtins", "numpy", "scipy", "sklearn", "pandas", "xgboost", "lightgbm", "catboost", "quantile_forest"}


def dumped(site, expression):
    path = site / "object.skops"
    run(site, f"""
        from acme.models import *
        sio.dump({expression}, sys.argv[1])
        say()""", path)
    return path


@pytest.mark.parametrize("use, name", [
    ("object", "sklearn.linear_model._base.LinearRegression"), ("type", "numpy.bytes_"),
    ("sparse", "scipy.sparse._csr.csr_matrix"), ("bit_generator", "numpy.random.MT19937"),
])
def test_names_of_others_are_not_made_in_ways_of_its_own(tmp_path, use, name):
    """What is trusted by default would be called, with arguments from the file, by a loader that brings
    its own recipe: the package is there, and nobody has trusted it."""
    loader = {"loader": "AcmeCallNode", "protocols": [0, 3], "use": use,
              "fields": [{"name": "content", "kind": "node"}], "recipe": {"make": "call"}}
    install(tmp_path, {**MANIFEST, "loaders": [loader]})
    path = tmp_path / "object.skops"
    path.write_bytes(archive(node("AcmeCallNode", name, content=sequence("tuple"))))
    said = run(tmp_path, """
        refused = error_of(lambda: sio.load(sys.argv[1]))
        row, = [row for row in libskops.plugins() if row["id"] == "acme"]
        say(refused=refused, row=row)""", path)
    assert said["refused"][0] == "UntrustedTypesFoundException" and 'trusted=["acme"]' in said["refused"][2]
    assert said["row"]["state"] == "found"


def test_nothing_is_looked_for_without_need(tmp_path):
    install(tmp_path)
    said = run(tmp_path, """
        from sklearn.linear_model import LinearRegression
        model = LinearRegression().fit([[0.0], [1.0]], [0, 1])
        data = sio.dumps(model)
        sio.loads(data)
        libskops.audit(data)
        libskops.Model.load(data)
        say(looked="libskops._found" in sys.modules, imported=imported())""")
    assert said == {"looked": False, "imported": []}


def test_the_import_needs_no_metadata(tmp_path):
    said = run(tmp_path, """
        say(looked="libskops._found" in sys.modules, found=looked())""")
    assert said == {"looked": False, "found": False}


def test_a_library_is_opted_in_by_its_name(tmp_path):
    install(tmp_path)
    path = dumped(tmp_path, "Plain(3)")
    said = run(tmp_path, """
        path = sys.argv[1]
        audit = libskops.audit(path)
        name, = [name for name in audit.names if name.name.startswith("acme.")]
        refused = error_of(lambda: sio.load(path))
        before = imported()
        model = sio.load(path, trusted=["acme"])
        say(library=name.library, rule=name.rule, ok=audit.ok, refused=refused, before=before,
            size=model.size, untrusted=sio.get_untrusted_types(file=path),
            rows=[row for row in libskops.plugins() if row["id"] == "acme"])""", path)
    assert said["library"] == "acme" and "nobody has opted in" in said["rule"] and not said["ok"]
    assert said["refused"][0] == "UntrustedTypesFoundException" and 'trusted=["acme"]' in said["refused"][2]
    assert said["before"] == [] and said["size"] == 3 and said["untrusted"] == ["acme.models.Plain"]
    row, = said["rows"]
    assert row["state"] == "found" and row["library"].endswith("acme/acme.skops-plugin.json")


def test_a_library_that_is_not_recorded_is_found_where_it_is_imported_from(tmp_path):
    install(tmp_path, record=False)
    path = dumped(tmp_path, "Plain(3)")
    said = run(tmp_path, """
        libskops.audit(sys.argv[1])
        before = imported()
        say(size=sio.load(sys.argv[1], trusted=["acme"]).size, before=before)""", path)
    assert said == {"size": 3, "before": []}


def test_rules_that_name_a_found_library_count_in_native_loads(tmp_path):
    install(tmp_path)
    path = dumped(tmp_path, "Plain(3)")
    said = run(tmp_path, """
        say(error=error_of(lambda: libskops.Model.load(sys.argv[1], deny=["acme"])),
            size=libskops.Model.load(sys.argv[1]).size)""", path)
    assert said["error"][1] == "trust.denied" and said["size"] == 3


def test_hooks_run_only_where_the_library_is_trusted(tmp_path):
    install(tmp_path, HOOKED)
    path = dumped(tmp_path, "[Table([1, 2]), Plain(3)]")
    said = run(tmp_path, """
        path = sys.argv[1]
        names = sio.get_untrusted_types(file=path)
        by_name = error_of(lambda: sio.load(path, trusted=names))
        before = imported()
        table, plain = sio.load(path, trusted=["acme"])
        say(names=names, by_name=by_name, before=before, rows=table.rows, size=plain.size)""", path)
    assert said["names"] == ["acme.models.Plain", "acme.models.Table"]
    assert said["by_name"][1] == "trust.hooks" and 'trusted=["acme"]' in said["by_name"][2]
    assert said["before"] == [] and said["rows"] == [1, 2] and said["size"] == 3



def test_hooks_of_a_pinned_plugin_do_not_run_for_a_name_either(tmp_path):
    path = install(tmp_path, HOOKED)
    file = dumped(tmp_path, "[Table([1, 2]), Plain(3)]")
    said = run(tmp_path, """
        file, manifest, digest = sys.argv[1:]
        libskops.use_plugins([(manifest, digest, "")])
        names = ["acme.models.Plain", "acme.models.Table"]
        # Before and after anybody has looked for plugins of packages: there are no others.
        first = error_of(lambda: sio.load(file, trusted=names))
        libskops.plugins()
        second = error_of(lambda: sio.load(file, trusted=names))
        before = imported()
        say(errors=[first, second], before=before, rows=sio.load(file, trusted=["acme"])[0].rows)""",
               file, path, hashlib.sha256(path.read_bytes()).hexdigest())
    first, second = said["errors"]
    assert first == second and first[1] == "trust.hooks"
    assert said["before"] == [] and said["rows"] == [1, 2]


def test_what_one_host_knows_of_a_class_is_not_what_another_one_knows(tmp_path):
    """A file with classes of a pinned plugin needs no plugin of a package; the next one does."""
    install(tmp_path, HOOKED)
    path = install(tmp_path, {**MANIFEST, "id": "beta", "types": [
        {"trust": "opt-in", "uses": ["object"], "modules": ["beta.models"], "names": ["Sub"]}]},
        package="beta", modules={"__init__": "", "models": """
            from acme.models import Plain
            class Sub(Plain):
                pass
        """})
    said = run(tmp_path, """
        manifest, digest = sys.argv[1:]
        libskops.use_plugins([(manifest, digest, "")])
        from acme.models import Plain
        from beta.models import Sub
        alone, both = sio.dumps(Sub("x")), sio.dumps([Sub("x"), Plain(3)])
        size = sio.loads(alone, trusted=["beta"]).size
        say(size=size, error=error_of(lambda: sio.loads(both, trusted=["acme", "beta"])))""",
               path, hashlib.sha256(path.read_bytes()).hexdigest())
    assert said["size"] == "x"
    assert said["error"] and "a size is no integer" in said["error"][2]


def test_the_same_object_gives_the_same_bytes_whatever_was_dumped_before(tmp_path):
    manifest = {**HOOKED, "loaders": [{**HOOKED["loaders"][0], "recipe": {
        "make": "hook", "of": ["acme.models.Table", "acme.models.Plain"]}}]}
    install(tmp_path, manifest)
    said = run(tmp_path, """
        from acme.models import *
        first = sio.dumps(Plain(2))
        table = sio.dumps(Table([1]))
        say(same=sio.dumps(Plain(2)) == first, table=sio.dumps(Table([1])) == table,
            loader=b"AcmeTableNode" in table and b"AcmeTableNode" not in first)""")
    assert said == {"same": True, "table": True, "loader": True}


def test_a_refusal_of_a_hook_is_a_refusal_of_dump(tmp_path):
    hooks = MODULES["hooks"].replace("lambda table:", "lambda table: 1 / 0 if not table.rows else")
    install(tmp_path, HOOKED, modules={**MODULES, "hooks": hooks})
    said = run(tmp_path, """
        from acme.models import *
        say(none=error_of(lambda: sio.dumps(Table([]))), some=len(sio.dumps(Table([1]))) > 0)""")
    assert said["none"][0] == "ZeroDivisionError" and said["some"]


@pytest.mark.parametrize("hooks", ["", "HOOKS = {}", "import not_there"])
def test_hooks_that_are_missing(tmp_path, hooks):
    install(tmp_path, HOOKED)
    path = dumped(tmp_path, "Table([1])")
    (tmp_path / "acme/hooks.py").write_text(hooks)
    said = run(tmp_path, """
        from acme.models import Table
        say(load=error_of(lambda: sio.load(sys.argv[1], trusted=["acme"])),
            dump=error_of(lambda: sio.dumps(Table([1]))))""", path)
    assert said["load"][:2] == ["PluginError", "plugin.hook"] and "acme.hooks" in said["load"][2]
    assert said["dump"][0] == "PluginError"


@pytest.mark.parametrize("trusted", ["acme", "acme.models.Plain"])
@pytest.mark.parametrize("expression", ["Plain('x')", "Mine('x')"])
def test_checks_look_at_every_object_of_the_class(tmp_path, expression, trusted):
    install(tmp_path, HOOKED)
    (tmp_path / "mine.py").write_text("from acme.models import Plain\nclass Mine(Plain): pass\n")
    path = tmp_path / "object.skops"
    said = run(tmp_path, f"""
        from acme.models import Plain
        from mine import Mine
        sio.dump({expression}, sys.argv[1])
        sio.dump({expression.replace("'x'", "1")}, sys.argv[2])
        trusted = [{trusted!r}, "mine.*"]
        say(bad=error_of(lambda: sio.load(sys.argv[1], trusted=trusted)),
            good=sio.load(sys.argv[2], trusted=trusted).size)""", path, tmp_path / "good.skops")
    assert said["bad"][1] == "objects.contents" and said["good"] == 1


# What is wrong with a manifest, and what the refusal says. None of them may cost more than its own names.
LOADER = HOOKED["loaders"][0]
BAD = {
    "no file": ({}, {"text": False, "record": False}, "has no file"),
    "no recorded file": ({}, {"text": False}, "No such file"),
    "no JSON": ({}, {"text": b"{"}, ""),
    "empty": ({}, {"text": b""}, ""),
    "no text": ({}, {"text": b"\xff\xfe\x00"}, ""),
    "too large": ({}, {"text": b" " * (300 << 10)}, "too large"),
    "unknown key": ({"more": 1}, {}, "more"),
    "newer kind": ({"manifest_version": 2}, {}, "version"),
    "newer ABI": ({"abi": [1, 99]}, {}, "1.99"),
    "another id": ({"id": "other"}, {"name": "acme"}, "is called acme"),
    "a dotted package": ({}, {"value": "acme.models"}, "no package at the top"),
    "an object": ({}, {"value": "acme:models"}, "no package at the top"),
    "no such package": ({}, {"value": "acmee"}, "has no file"),
    "hooks elsewhere": ({"hooks": "os.path"}, {}, "not in the package"),
    "no hooks": ({"loaders": [LOADER], "types": HOOKED["types"]}, {}, "needs hooks"),
    "checks of others": ({"hooks": "acme.hooks", "checks": ["other.Thing"]}, {}, "not of the package"),
    "checks of scikit-learn": ({"hooks": "acme.hooks", "checks": ["sklearn.svm._classes.SVC"]}, {},
                               "belongs to a plugin of this host"),
    "takes scikit-learn apart": ({"hooks": "acme.hooks", "loaders": [
        {**LOADER, "recipe": {"make": "hook", "of": ["sklearn.svm._classes.SVC"]}}]}, {},
        "belongs to a plugin of this host"),
    "a loader of this host": ({"loaders": [{**LOADER, "loader": "ObjectNode", "recipe": None}]}, {},
                              "belongs to the plugin builtins"),
    "an id of this host": ({"id": "sklearn"}, {}, "belongs to a plugin of this host"),
}


def changed(change):
    manifest = {**MANIFEST, **change}
    manifest["loaders"] = [{key: value for key, value in loader.items() if value is not None}
                           for loader in manifest["loaders"]]
    return manifest


@pytest.mark.parametrize("change, how, says", BAD.values(), ids=BAD)
def test_bad_manifests_are_refused(tmp_path, change, how, says):
    install(tmp_path, changed(change), **how)
    said = run(tmp_path, """
        from acme.models import Plain
        data = sio.dumps(Plain(1))
        audit = libskops.audit(data)
        say(rows=[row for row in libskops.plugins()], findings=audit.findings,
            error=error_of(lambda: sio.loads(data)), size=sio.loads(data, trusted=["acme.models.Plain"]).size,
            dump=error_of(lambda: sio.dumps(lambda: 1)))""")
    *own, row = said["rows"]
    assert {row["id"] for row in own} == OWN and all(row["state"] != "refused" for row in own)
    assert row["state"] == "refused" and row["code"] and says in row["text"] and row["remedy"]
    assert row["library"].endswith(("acme.skops-plugin.json", "sklearn.skops-plugin.json", "other.skops-plugin.json",
                                    how.get("value") or "acme"))
    finding, = said["findings"]
    assert finding["code"] == row["code"] and row["library"] in finding["text"] and not finding["refuses"]
    assert said["error"][0] == "UntrustedTypesFoundException" and row["library"] in said["error"][2]
    assert said["size"] == 1 and said["dump"][0] == "UnsupportedTypeException"


@pytest.mark.parametrize("kind", ["directory", "pipe", "secret"])
def test_odd_files_are_refused(tmp_path, kind):
    path = install(tmp_path, text=False)
    if kind == "directory":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/proc/self/mem")
    said = run(tmp_path, "say(rows=libskops.plugins())")
    row = said["rows"][-1]
    assert row["state"] == "refused" and row["code"].startswith("manifest.")


OTHER = {**MANIFEST, "id": "other"}
SAME = {
    "name": (OTHER, {}),
    "id": (MANIFEST, {"name": "acme"}),
    "loader": ({**HOOKED, "hooks": "other.hooks", "id": "other", "types": [
        {"trust": "opt-in", "uses": ["acme_table"], "modules": ["other"], "names": ["Table"]}], "checks": []}, {}),
}


@pytest.mark.parametrize("second, how", SAME.values(), ids=SAME)
def test_two_that_claim_the_same_are_both_refused(tmp_path, second, how):
    install(tmp_path, HOOKED)
    install(tmp_path, second, package="other", modules={"__init__": ""}, **how)
    said = run(tmp_path, """
        from acme.models import Plain
        data = sio.dumps(Plain(1))
        say(rows=libskops.plugins(), error=error_of(lambda: sio.loads(data, trusted=["acme", "other"])))""")
    first, last = [row for row in said["rows"] if row["id"] not in OWN]
    assert [first["code"], last["code"]] == ["conflict.loader"] * 2
    assert last["library"] in first["text"] and first["library"] in last["text"]
    assert said["error"][0] == "UntrustedTypesFoundException"


def test_what_libskops_declares_may_be_named_by_several(tmp_path):
    shared = [{"trust": "opt-in", "uses": ["type"], "modules": ["collections"], "names": ["OrderedDict"]},
              {"trust": "opt-in", "uses": ["dtype"], "modules": ["numpy"], "names": ["dtype"]}]
    install(tmp_path, {**MANIFEST, "types": MANIFEST["types"] + shared})
    install(tmp_path, {**MANIFEST, "id": "other", "types": shared}, package="other", modules={"__init__": ""})
    said = run(tmp_path, "say(states=[row['state'] for row in libskops.plugins()])")
    assert said["states"][-2:] == ["found", "found"]


def test_native_code_of_a_found_plugin_is_not_mapped(tmp_path):
    """The library is there and as announced; it would end the process if it ran."""
    import hashlib
    import subprocess

    folder = tmp_path / "acme"
    source = tmp_path / "end.c"
    source.write_text("#include <stdlib.h>\n__attribute__((constructor)) static void end(void) { _Exit(3); }\n")
    library = tmp_path / "libskops_acme.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    data = library.read_bytes()
    manifest = {**MANIFEST, "library": [{"platform": "linux-x86_64", "file": library.name, "size": len(data),
                                         "sha256": hashlib.sha256(data).hexdigest()}],
                "serializers": [{"loader": "ObjectNode", "module": "acme.models", "class": "Plain"}]}
    install(tmp_path, manifest)
    library.rename(folder / library.name)
    path = dumped(tmp_path, "Plain(3)")
    said = run(tmp_path, """
        path = sys.argv[1]
        native = [name.native for name in libskops.audit(path, trust=["acme"]).names if name.library == "acme"]
        model = libskops.Model.load(path, trust=["acme"])
        say(native=native, methods=model.methods, size=sio.load(path, trusted=["acme"]).size)""", path)
    assert said == {"native": [False], "methods": [], "size": 3}


def test_everything_is_looked_for_once(tmp_path):
    install(tmp_path)
    said = run(tmp_path, """
        import libskops._found as found
        times = []
        find, found.find = found.find, lambda: times.append(1) or find()
        for _ in range(3):
            libskops.plugins()
            error_of(lambda: sio.dumps(lambda: 1))
        say(times=len(times))""")
    assert said == {"times": 1}



def test_the_users_policy_opts_in(tmp_path):
    install(tmp_path, HOOKED)
    path = dumped(tmp_path, "[Table([1, 2]), Plain(3)]")
    user = tmp_path / "policy.json"
    said = {}
    for key, rule in (("named", "acme"), ("range", {"library": "acme", "version": ">=1"})):
        user.write_text(json.dumps({"version": 1, "allow": [rule]}))
        user.chmod(0o644)
        said[key] = run(tmp_path, """
            libskops.read_policy(system=None, user=sys.argv[2], project=None)
            names = sio.get_untrusted_types(file=sys.argv[1])
            error = error_of(lambda: sio.load(sys.argv[1]))
            by_name = error_of(lambda: sio.load(sys.argv[1], trusted=["acme.models.Plain", "acme.models.Table"]))
            findings = [finding["code"] for finding in libskops.audit(sys.argv[1]).findings]
            say(names=names, error=error, by_name=by_name, findings=findings)""", path, user)
    assert said["named"] == {"names": [], "error": None, "by_name": None, "findings": []}
    # A manifest that tells no releases is within no range: neither names nor hooks are let in.
    assert said["range"]["names"] == ["acme.models.Plain", "acme.models.Table"]
    assert said["range"]["error"][0] == "UntrustedTypesFoundException"
    assert said["range"]["by_name"][1] == "trust.hooks" and "policy.library-release" in said["range"]["findings"]


def test_plugins_are_pinned_before_the_first_file_or_not_at_all(tmp_path):
    import hashlib

    path = install(tmp_path)
    said = run(tmp_path, """
        from acme.models import Plain
        path, sha = sys.argv[1:]
        libskops.use_plugins([(path, sha, "")])
        rows = libskops.plugins()
        data = sio.dumps(Plain(2))
        say(rows=[row for row in rows if row["id"] == "acme"], size=sio.loads(data, trusted=["acme"]).size,
            late=error_of(lambda: libskops.use_plugins([])))""",
               path, hashlib.sha256(path.read_bytes()).hexdigest())
    row, = said["rows"]
    assert row["state"] == "manifest only" and said["size"] == 2 and said["late"][1] == "usage.too-late"


def test_a_pin_that_does_not_fit_is_refused(tmp_path):
    path = install(tmp_path)
    said = run(tmp_path, """
        libskops.use_plugins([(sys.argv[1], "0" * 64, "")])
        say(rows=[row for row in libskops.plugins() if row["state"] != "pinned"])""", path)
    assert "policy.manifest-changed" in [row["code"] for row in said["rows"]]


@pytest.mark.parametrize("enabled", [True, False])
def test_a_lock_file_that_is_named_pins(tmp_path, enabled):
    import hashlib

    path = install(tmp_path)
    lock = tmp_path / "plugins.lock.json"
    pin = {"id": "acme", "manifest_sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "library_sha256": "",
           "accept_proposals": False, "enabled_by": "ana", "enabled_at": "2026-11-26T12:00:00Z"}
    lock.write_text(json.dumps({"lock_version": 1, "plugins": [pin] if enabled else []}))
    for entry in (lock, path.parent, path):
        entry.chmod(0o755 if entry.is_dir() else 0o644)
    said = run(tmp_path, """
        libskops.use_plugins(directories=[sys.argv[1]], lock_files=[sys.argv[2]])
        say(rows=[row for row in libskops.plugins() if row["id"] == "acme"])""", path.parent, lock)
    assert [row["state"] for row in said["rows"]] == (["manifest only"] if enabled else ["not enabled", "found"])


FOREIGN = {
    "calls": ({"loader": "ForeignNode", "protocols": [0, 3], "use": "bytes", "fields": [{"name": "content", "kind": "node"}],
               "recipe": {"make": "call"}}, "builtins.bytearray"),
    "creates": ({"loader": "ForeignNode", "protocols": [0, 3], "use": "object", "fields": [
        {"name": "content", "kind": "node", "required": False, "step": "state"}], "recipe": {"make": "object"}},
        "sklearn.linear_model._base.LinearRegression"),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_found_manifest_lends_no_trust_of_others_to_its_loaders(tmp_path, kind):
    """bytearray is trusted as a value; a loader of a library that nobody trusts would call it."""
    loader, name = FOREIGN[kind]
    install(tmp_path, {**MANIFEST, "loaders": [loader]})
    content = nodes.sequence("tuple", nodes.plain(5)) if kind == "calls" else nodes.plain(None)
    path = tmp_path / "foreign.skops"
    path.write_bytes(nodes.archive(nodes.node("ForeignNode", name, content=content)))
    said = run(tmp_path, """
        path, name = sys.argv[1:]
        audit = libskops.audit(path)
        first = audit.names[0]
        policy = sys.argv[1] + ".json"
        say(ok=audit.ok, reason=first.reason, allow=first.allow, library=first.library,
            untrusted=sio.get_untrusted_types(file=path), refused=error_of(lambda: sio.load(path)),
            by_owner=error_of(lambda: sio.load(path, trusted=["builtins", "sklearn"])),
            by_name=type(sio.load(path, trusted=[name])).__name__,
            by_library=type(sio.load(path, trusted=["acme"])).__name__)""", path, name)
    assert not said["ok"] and said["reason"] == "loader-not-opted-in" and said["allow"] == "acme"
    assert said["untrusted"] == [name] and said["library"] in ("builtins", "sklearn")
    for refusal in (said["refused"], said["by_owner"]):
        assert refusal[0] == "UntrustedTypesFoundException" and 'trusted=["acme"]' in refusal[2]
    assert said["by_name"] == said["by_library"] == name.rpartition(".")[2]
