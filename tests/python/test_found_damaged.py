"""Entry points, records and metadata of an installed package, changed at random: whatever one package has
there, looking for plugins never raises, and finds those of the others."""

import random
import shutil
import sys

from libskops import _found
from packages import MANIFEST, install, run

PIECES = [b"\xff", b"\x00", b"[", b"]", b"=", b"\n", b"\r", b"[libskops.plugins]\n", b"a = b:c\n", b"..", b"/",
          b"\xe2\x80\xae", b"x" * 5000, b"[console_scripts]\n", b" ", b"#", b"%(x)s", b",,", b'"', b"acme = beta\n"]


def damaged(data, rng):
    out = bytearray(data)
    for _ in range(1 + rng.randrange(3)):
        at = rng.randrange(len(out) + 1)
        kind = rng.randrange(5)
        if kind == 0 and at < len(out):
            out[at] = rng.randrange(256)
        elif kind == 1:
            del out[at:at + rng.randrange(1, 9)]
        elif kind == 2:
            out[at:at] = rng.choice(PIECES)
        elif kind == 3:
            out[at:at] = out[:rng.randrange(len(out) + 1)]
        else:
            out[at:at + rng.randrange(9)] = rng.choice(PIECES)
    return bytes(out)


def test_what_one_package_has_spoiled_hides_no_other(tmp_path, monkeypatch):
    rng = random.Random(1)
    outcomes = set()
    for number in range(300):
        site = tmp_path / str(number)
        site.mkdir()
        install(site)
        good = install(site, {"manifest_version": 1, "id": "beta"}, package="beta")
        path = site / "acme-1.0.dist-info" / rng.choice(["METADATA", "RECORD", "entry_points.txt"])
        path.write_bytes(damaged(path.read_bytes(), rng))
        with monkeypatch.context() as patch:
            patch.setattr(sys, "path", [str(site), *sys.path])
            rows = _found.find()
        text = path.read_bytes()
        assert all(len(row) == 4 and all(isinstance(part, str) for part in row) for row in rows), text
        assert ("beta", "beta", str(good.resolve()), "") in rows, (rows, text)
        for name, package, manifest, problem in rows:
            # Either the manifest of that package, or what is wrong.
            assert bool(manifest) != bool(problem), (rows, text)
            assert not manifest or package.isidentifier() and (
                f"{package}/{name}.skops-plugin.json" in manifest), (rows, text)
        outcomes.add(any(row[3] for row in rows))
        outcomes.add(len(rows))
        shutil.rmtree(site)
    assert {True, False, 1, 2} <= outcomes


def test_the_spoiled_one_is_named(tmp_path):
    install(tmp_path)
    install(tmp_path, {**MANIFEST, "id": "beta", "types": []}, package="beta")
    (tmp_path / "acme-1.0.dist-info/entry_points.txt").write_bytes(b"[libskops.plugins]\nacme = \xff\n")
    said = run(tmp_path, """
        say(rows=[row for row in libskops.plugins() if row["id"] in ("", "acme", "beta")])""")
    rows = {row["id"]: row for row in said["rows"]}
    assert set(rows) == {"", "beta"} and rows["beta"]["state"] == "found"
    assert rows[""]["state"] == "refused" and "acme-1.0.dist-info cannot be read" in rows[""]["text"]
