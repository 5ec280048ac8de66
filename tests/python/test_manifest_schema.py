"""docs/plugins/manifest.schema.json: every manifest of this tree fits, what the reader refuses does not."""

import copy
import json
import pathlib

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs/plugins/manifest.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
INSTALLED = pathlib.Path(__import__("libskops").__file__).parent / "plugins"
MANIFESTS = sorted(INSTALLED.glob("*.json")) + sorted(ROOT.glob("examples/plugins/*/src/*/*.skops-plugin.json")) + \
    sorted(ROOT.glob("sdk/templates/*/src/@id@/*.skops-plugin.json"))
GOOD = {
    "manifest_version": 1, "id": "lib", "version": "1.0", "abi": [1, 0], "hooks": "lib.hooks",
    "library": [{"platform": "linux-x86_64", "file": "libx.so", "size": 1, "sha256": "0123456789abcdef" * 4}],
    "loaders": [{"loader": "XNode", "protocols": [0, 3], "use": "x", "fields": [{"name": "content", "kind": "node"}],
                 "accepts": ["lib.X"], "recipe": {"make": "hook", "of": ["lib.X"]}}],
    "types": [{"trust": "opt-in", "uses": ["object"], "modules": ["lib"], "names": ["X"]}],
    "serializers": [{"loader": "XNode", "module": "lib", "class": "X"}], "checks": ["lib.X"],
}
# (path to the value, what stands there instead; ... takes the key away)
BAD = [
    *(((key,), ...) for key in ("manifest_version", "id", "version", "abi", "library", "loaders", "types", "serializers")),
    (("more",), 1), (("manifest_version",), 2), (("id",), "a.b"), (("id",), "A"), (("id",), ""), (("id",), 3),
    (("version",), "1 0"), (("abi",), [1]), (("abi",), [1, -1]), (("abi",), [1, 0, 0]), (("abi",), [1, "0"]),
    (("library", 0, "file"), "../x.so"), (("library", 0, "file"), ".x.so"), (("library", 0, "size"), -1),
    (("library", 0, "sha256"), "AB" * 32), (("library", 0, "platform"), ...), (("library", 0, "more"), 1),
    (("loaders", 0, "loader"), "a.b"), (("loaders", 0, "protocols"), [0]), (("loaders", 0, "accepts"), []),
    (("loaders", 0, "accepts"), ["lib.*"]), (("loaders", 0, "fields", 0, "kind"), "nod"), (("loaders", 0, "use"), ...),
    (("loaders", 0, "recipe", "make"), "eval"), (("loaders", 0, "recipe", "make"), ...), (("loaders", 0, "more"), 1),
    (("loaders", 0, "brings"), [{"kind": "key", "use": "x"}]), (("types", 0, "trust"), "always"),
    (("types", 0, "names"), []), (("types", 0, "names"), ["X", "X"]), (("types", 0, "names"), ["*"]),
    (("types", 0, "modules"), ["lib..x"]), (("types", 0, "contents"), True), (("serializers", 0, "class"), ...),
    (("checks",), ["X"]), (("checks",), ["lib.X", "lib.X"]), (("hooks",), "lib/hooks"), (("releases",), ["1"]),
]


def read(path):
    return json.loads(path.read_text().replace("@id@", "acme").replace("@Camel@", "Acme"))


def refused_by_the_reader(manifest, folder):
    import hashlib

    from packages import run

    path = folder / "m.skops-plugin.json"
    path.write_text(json.dumps(manifest))
    row = run(folder, """
        libskops.use_plugins([(sys.argv[1], sys.argv[2], sys.argv[3])])
        say(rows=libskops.plugins())""", path, hashlib.sha256(path.read_bytes()).hexdigest(), "0123456789abcdef" * 4)
    return [row["code"] for row in row["rows"] if row["code"].startswith("manifest.")]


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_manifests_fit(path):
    assert [error.message for error in VALIDATOR.iter_errors(read(path))] == []


def test_there_are_manifests_of_each_kind():
    assert len(MANIFESTS) >= 12


def test_the_good_one_is_good(tmp_path):
    assert list(VALIDATOR.iter_errors(GOOD)) == []
    assert refused_by_the_reader(GOOD, tmp_path) == []


@pytest.mark.parametrize("where, value", BAD, ids=str)
def test_what_the_reader_refuses_does_not_fit(where, value, tmp_path):
    manifest = copy.deepcopy(GOOD)
    at = manifest
    for key in where[:-1]:
        at = at[key]
    if value is ...:
        del at[where[-1]]
    else:
        at[where[-1]] = value
    assert list(VALIDATOR.iter_errors(manifest))
    assert refused_by_the_reader(manifest, tmp_path)
