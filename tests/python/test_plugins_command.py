"""`libskops plugins` from installing to removing, in folders of the test's own: what each subcommand
says and leaves behind, and that nothing runs which nobody has enabled."""

import json
import os
import re
import shutil
import stat
import subprocess

import pytest

from command import ROOT

COMMAND = ROOT / "build/bin/libskops_at"
BUILT = ROOT / "build/examples/plugins/native/plugins"
CASE = ROOT / "examples/plugins/native/cases/accept-default"
ID = "acme_outliers"
MANIFEST, LIBRARY = f"{ID}.skops-plugin.json", f"libskops_{ID}.so"
PLUGIN = 6


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


class Place:
    """Folders of a system and of a user, and the command that looks there."""

    def __init__(self, folder):
        self.folder = folder
        self.plugins, self.lock = folder / "user-plugins", folder / "user/plugins.lock.json"
        self.system_plugins = folder / "plugins"
        self.manifest, self.library = self.plugins / MANIFEST, self.plugins / LIBRARY

    def run(self, *arguments):
        done = subprocess.run([COMMAND, self.folder, *map(str, arguments)], capture_output=True,
                              text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def ok(self, *arguments):
        status, out, error = self.run("plugins", *arguments)
        assert (status, error) == (0, "")
        return out

    def refused(self, code, *arguments):
        status, out, error = self.run("plugins", *arguments)
        assert status == PLUGIN, out + error
        assert f"[{code}]" in out + error
        return out + error

    def row(self, *arguments, status=0):
        got, out, error = self.run("plugins", "list", "--json", *arguments)
        assert got == status, out + error
        rows = [row for row in json.loads(out)["plugins"] if row["id"] == ID]
        return rows[0] if rows else None

    def predict(self, *arguments):
        """What the plugin's model answers, or the code of the error."""
        data = self.folder / "data.csv"
        data.write_text("a,b,c,d\n0,0,0,0\n99,99,99,99\n", encoding="utf-8")
        status, out, error = self.run("predict", CASE / "model.skops", data, *arguments)
        return out.split() if status == 0 else re.search(r"\[([\w.-]+)\]\n$", error).group(1)


def test_the_whole_way(place):
    assert place.row() is None
    out = place.ok("install", BUILT)
    assert "not enabled: nothing of it runs yet" in out
    assert place.manifest.read_bytes() == (BUILT / MANIFEST).read_bytes()
    assert place.library.read_bytes() == (BUILT / LIBRARY).read_bytes()
    assert place.row("--load")["state"] == "not enabled"
    assert place.predict("--trust", ID) == "model.no-methods"

    out = place.ok("enable", ID)
    code, names = out.index("1. Native code"), out.index("2. Names")
    assert str(place.library) in out[code:names] and "ABI 1.0" in out[code:names]
    row = place.row("--load")
    assert row["state"] == "loaded" and row["pinned_by"] == str(place.lock)
    assert row["library"] == str(place.library)
    pin = json.loads(place.lock.read_text())["plugins"][0]
    assert pin["id"] == ID and pin["accept_proposals"] is False
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", pin["enabled_at"])
    assert pin["enabled_by"]
    assert place.predict("--trust", ID) == ["predict", "1", "-1"]
    assert place.predict() == "model.no-methods"  # running its code is not trusting its names

    place.ok("disable", ID)
    assert place.predict("--trust", ID) == "model.no-methods"
    assert place.row("--load")["state"] == "not enabled"
    place.ok("enable", ID)
    place.ok("remove", ID)
    assert place.row() is None
    assert list(place.plugins.iterdir()) == []
    assert json.loads(place.lock.read_text())["plugins"] == []


def test_every_answer_as_json(place):
    for arguments in (["install", BUILT / MANIFEST], ["list"], ["info", ID], ["enable", ID], ["verify"],
                      ["info", ID], ["disable", ID], ["remove", ID]):
        json.loads(place.ok(*arguments, "--json"))


def test_files_belong_to_their_owner_alone(place):
    old = os.umask(0)
    try:
        place.ok("install", BUILT)
        place.ok("enable", ID)
    finally:
        os.umask(old)
    for path in (place.plugins, place.manifest, place.library, place.lock, place.lock.parent):
        assert stat.S_IMODE(path.stat().st_mode) & 0o022 == 0, path
    assert sorted(p.name for p in place.lock.parent.iterdir()) == [place.lock.name]


def test_names_are_accepted_apart(place, tmp_path_factory):
    source = tmp_path_factory.mktemp("proposing")
    text = (BUILT / MANIFEST).read_text().replace('"opt-in"', '"default"')
    (source / MANIFEST).write_text(text)
    shutil.copy(BUILT / LIBRARY, source)
    place.ok("install", source)
    out = place.ok("enable", ID)
    assert "It proposes acme_outliers.MadDetector" in out and "--accept-proposals" in out
    status, out, _ = place.run("audit", CASE / "model.skops")
    assert status == 1 and "? acme_outliers.MadDetector" in out
    out = place.ok("enable", ID, "--accept-proposals")
    assert "accepted as proposed: acme_outliers.MadDetector" in out
    assert place.run("audit", CASE / "model.skops")[0] == 0
    place.ok("enable", ID)  # a new decision, which says nothing of the names
    assert place.run("audit", CASE / "model.skops")[0] == 1


def test_an_upgrade_has_to_be_enabled_anew(place, tmp_path_factory):
    place.ok("install", BUILT)
    place.ok("enable", ID)
    pinned = json.loads(place.lock.read_text())["plugins"][0]["manifest_sha256"]
    source = tmp_path_factory.mktemp("newer")
    shutil.copy(BUILT / LIBRARY, source)
    (source / MANIFEST).write_text((BUILT / MANIFEST).read_text() + "\n")
    place.ok("install", source / MANIFEST)
    row = place.row("--load", status=PLUGIN)
    assert row["state"] == "refused" and row["code"] == "policy.manifest-changed"
    found = json.loads(place.run("plugins", "info", ID, "--json")[1])["plugin"]["manifest_sha256"]
    assert pinned in row["text"] and found in row["text"] and pinned != found
    assert f"libskops plugins info {ID}" in row["remedy"]
    place.ok("enable", ID)
    assert place.row()["state"] == "pinned"


@pytest.mark.parametrize("name, code, command", [(LIBRARY, "library.changed", "install"),
                                                 (MANIFEST, "policy.manifest-changed", "info")])
def test_the_list_says_what_was_changed(place, name, code, command):
    """Without mapping anything: a plugin that would be refused is not listed as if it could run."""
    place.ok("install", BUILT)
    place.ok("enable", ID)
    file = place.plugins / name
    old = file.read_bytes()
    file.write_bytes(old + b"\n")
    row = place.row(status=PLUGIN)
    assert (row["state"], row["code"]) == ("refused", code)
    assert command in row["remedy"]
    assert f"{ID}: refused" in re.sub(r" 1\.\d\.\d", "", place.refused(code, "list"))
    place.refused(code, "verify")
    file.write_bytes(old)
    assert place.row()["state"] == "pinned"


def test_the_list_says_what_cannot_be_enabled(place):
    place.ok("install", BUILT)
    place.library.write_bytes(place.library.read_bytes() + b"x")
    row = place.row()
    assert (row["state"], row["code"]) == ("not enabled", "library.changed")
    assert f"libskops plugins remove {ID}" in row["remedy"] and "[library.changed]" in place.ok("list")
    for command in ("info", "enable"):
        assert "install the plugin again" in place.refused("library.changed", command, ID)


def test_the_system_enables_for_all(place):
    place.ok("install", BUILT, "--system")
    assert (place.system_plugins / LIBRARY).exists()
    assert place.row()["state"] == "not enabled"
    place.ok("enable", ID, "--system")
    assert place.row("--load")["pinned_by"] == str(place.folder / "etc/plugins.lock.json")
    place.refused("plugin.not-enabled", "disable", ID)
    place.refused("plugin.not-installed", "remove", ID)
    # The user's own lock file decides first.
    place.ok("enable", ID)
    assert place.row("--load")["pinned_by"] == str(place.lock)
    place.ok("disable", ID)
    place.ok("remove", ID, "--system")
    assert place.row() is None


@pytest.mark.parametrize("arguments", [["info", "nobody"], ["enable", "nobody"], ["remove", "nobody"],
                                       ["enable", "../../etc"], ["info", ""]])
def test_what_is_not_there(place, arguments):
    place.refused("plugin.not-installed", *arguments)
    assert not place.lock.exists()


def test_disable_what_is_not_enabled(place):
    place.refused("plugin.not-enabled", "disable", ID)
    assert not place.lock.exists()


def test_what_comes_with_libskops_is_not_installed_again(place):
    error = place.refused("conflict.loader", "install", ROOT / "build/plugins/numpy.skops-plugin.json")
    assert "numpy" in error
    assert not place.plugins.exists()
    assert "pinned by its build" in place.ok("info", "numpy")


def broken(folder, change):
    shutil.copy(BUILT / LIBRARY, folder)
    text = (BUILT / MANIFEST).read_text()
    assert change(text) != text
    (folder / MANIFEST).write_text(change(text))
    return folder


BROKEN = {
    "newer ABI": (lambda text: text.replace('"abi": [1, 0]', '"abi": [1, 7]'), "abi.newer"),
    "other ABI": (lambda text: text.replace('"abi": [1, 0]', '"abi": [2, 0]'), "abi.major"),
    "newer manifest": (lambda text: text.replace('"manifest_version": 1', '"manifest_version": 2'),
                       "manifest.version"),
    "platform": (lambda text: text.replace("linux-x86_64", "plan9-mips"), "abi.platform"),
    "hash": (lambda text: re.sub(r'"sha256": "[0-9a-f]{4}', '"sha256": "0000', text), "library.changed"),
    "size": (lambda text: re.sub(r'"size": ', '"size": 1', text), "library.changed"),
    "no JSON": (lambda text: text[:-9], "manifest.malformed"),
    "path": (lambda text: text.replace(LIBRARY, f"../{LIBRARY}"), "manifest.malformed"),
    "no library": (lambda text: text.replace(LIBRARY, "other.so"), "library.missing"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_not_installed(place, tmp_path_factory, name):
    change, code = BROKEN[name]
    source = broken(tmp_path_factory.mktemp("broken"), change)
    error = place.refused(code, "install", source)
    if "ABI" in name:
        assert "this host has 1.0" in error and "update the host, or install an older plugin" in error
    if name == "newer manifest":
        assert "has version 2, this host reads version 1" in error
    assert not place.plugins.exists()


def test_a_folder_to_install_from_holds_one_plugin(place, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")
    place.refused("plugin.source", "install", empty)
    for name in ("a", "b"):
        shutil.copy(BUILT / MANIFEST, empty / f"{name}.skops-plugin.json")
    place.refused("plugin.source", "install", empty)
    place.refused("manifest.missing", "install", empty / "gone.skops-plugin.json")


def test_a_repository_is_installed_from(place, tmp_path_factory):
    """Its build/plugins, or the package in its src; the folder itself comes first."""
    repository = tmp_path_factory.mktemp("repository")
    error = place.refused("plugin.source", "install", repository)
    assert "cmake" not in error
    (repository / "CMakeLists.txt").write_text("")
    error = place.refused("plugin.source", "install", repository)
    assert "in that folder: cmake -S . -B build -G Ninja && cmake --build build" in error
    shutil.copytree(BUILT, repository / "build/plugins")
    place.ok("install", repository)
    place.ok("remove", ID)
    shutil.copy(BUILT / MANIFEST, repository / "build/plugins/other.skops-plugin.json")
    assert "build/plugins holds several" in place.refused("plugin.source", "install", repository)
    shutil.copytree(BUILT, repository / "src/package")
    shutil.rmtree(repository / "build")
    place.ok("install", repository)


def test_what_was_shown_is_pinned(place):
    place.ok("install", BUILT)
    shown = json.loads(place.ok("enable", ID, "--json"))
    pin = json.loads(place.lock.read_text())["plugins"][0]
    assert pin == shown["enabled"]
    for key in ("manifest_sha256", "library_sha256"):
        assert pin[key] == shown["plugin"][key]


def test_a_library_has_one_owner(place, tmp_path_factory):
    place.ok("install", BUILT)
    other = tmp_path_factory.mktemp("other")
    broken(other, lambda text: text.replace(f'"id": "{ID}"', '"id": "other"'))
    place.refused("plugin.taken", "install", other)
    assert place.row()["state"] == "not enabled"


def test_nothing_of_another_plugin_is_overwritten(place, tmp_path_factory):
    place.ok("install", BUILT)
    there = {path.name: path.read_bytes() for path in place.plugins.iterdir()}
    # Its manifest, as the library of a second plugin.
    second = tmp_path_factory.mktemp("second")
    text = (BUILT / MANIFEST).read_text().replace(LIBRARY, MANIFEST).replace(f'"id": "{ID}"', '"id": "second"')
    (second / "second.skops-plugin.json").write_text(text)
    place.refused("manifest.malformed", "install", second / "second.skops-plugin.json")
    # Its library, when its manifest cannot be read any more.
    (place.plugins / MANIFEST).write_text("{")
    there[MANIFEST] = b"{"
    other = tmp_path_factory.mktemp("other")
    broken(other, lambda text: text.replace(f'"id": "{ID}"', '"id": "other"'))
    assert MANIFEST in place.refused("plugin.taken", "install", other)
    assert {path.name: path.read_bytes() for path in place.plugins.iterdir()} == there
    # Installing the plugin itself repairs it.
    place.ok("install", BUILT)
    assert place.row()["state"] == "not enabled"


def test_what_takes_a_class_of_another_is_not_enabled(place, tmp_path_factory):
    source = tmp_path_factory.mktemp("greedy")
    broken(source, lambda text: text.replace('"module":"acme_outliers","class":"MadDetector"',
                                             '"module":"sklearn.svm._classes","class":"SVC"'))
    place.refused("conflict.loader", "install", source)


def test_a_model_brings_no_plugin(place, tmp_path_factory):
    """Files beside a model, and in the folder where the command runs, count for nothing."""
    beside = tmp_path_factory.mktemp("beside")
    for path in (CASE / "model.skops", BUILT / MANIFEST, BUILT / LIBRARY):
        shutil.copy(path, beside)
    (beside / "plugins.lock.json").write_text('{"lock_version": 1, "plugins": []}')
    (beside / "data.csv").write_text("a,b,c,d\n0,0,0,0\n")
    done = subprocess.run([COMMAND, place.folder, "predict", "model.skops", "data.csv", "--trust", ID],
                          cwd=beside, capture_output=True, text=True, timeout=60,
                          env={**os.environ, "HOME": str(beside), "XDG_CONFIG_HOME": str(beside),
                               "XDG_DATA_HOME": str(beside), "LD_LIBRARY_PATH": str(beside)})
    assert done.returncode == 5 and "[model.no-methods]" in done.stderr
    assert place.row() is None


PAGE = ROOT / "docs/plugins/installing.md"


def masked(text):
    """Hashes, sizes, times and users differ from build to build."""
    text = re.sub(r"\b[0-9a-f]{64}\b|5d1c…", "HASH", text)
    text = re.sub(r"\d+ bytes", "N bytes", text)
    return re.sub(r"enabled by \S+ at \S+", "enabled by USER at TIME", text)


def test_the_page_shows_what_the_command_says(place):
    os.symlink(BUILT, place.folder / "acme")
    block, = re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    examples = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    assert len(examples) == 6
    for example in examples:
        line, _, expected = example.partition("\n")
        script = f"libskops() {{ '{COMMAND}' '{place.folder}' \"$@\"; }}\n{line}"
        done = subprocess.run(["bash", "-c", script], cwd=place.folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60, text=True)
        said = done.stdout.replace(str(place.plugins), "/home/user/.local/share/libskops/plugins")
        said = said.replace(str(place.folder / "user"), "/home/user/.config/libskops")
        assert masked(said) == masked(expected)


def test_trust_goes_by_enabled_plugins_as_the_audit_does(place):
    model = CASE / "model.skops"
    place.ok("install", BUILT)
    assert "which no plugin describes" in place.run("trust", "suggest", model)[1]
    assert "no plugin of this host describes the library" in place.run("trust", "add", ID)[1]
    place.run("trust", "remove", ID)
    place.ok("enable", ID)
    assert "declared by the plugin acme_outliers" in place.run("trust", "suggest", model)[1]
    assert f"trust add {ID}" in place.run("trust", "explain", "acme_outliers.MadDetector")[1]
    assert f"\n  {ID}: 1 to opt in" in place.run("trust", "list")[1]
    assert place.run("trust", "check", model)[0] == 1
    assert "which the plugin acme_outliers 1.0.0 declares" in place.run("trust", "add", ID)[1]
    assert place.run("trust", "check", model)[0] == 0
