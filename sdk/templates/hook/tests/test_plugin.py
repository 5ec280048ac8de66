"""What users of the library do with its objects: save, look, trust the library, load."""

import libskops
import libskops.io as sio
import pytest

from @id@ import Matcher, skops_hooks

TEXTS = ["one", "Two", "three"]


def test_the_manifest_is_found_and_accepted():
    rows = [row for row in libskops.plugins() if row["id"] == "@id@"]
    assert [row["state"] for row in rows] == ["found"], rows


def test_the_library_is_trusted_by_its_name():
    data = sio.dumps(Matcher("t"))
    assert libskops.audit(data).untrusted == ["@id@.Matcher"]
    with pytest.raises(sio.UntrustedTypesFoundException, match='trusted=."@id@".'):
        sio.loads(data)
    # The name alone does not let the hook's code in.
    with pytest.raises(sio.UntrustedTypesFoundException, match="skops_hooks"):
        sio.loads(data, trusted=["@id@.Matcher"])


@pytest.mark.parametrize("matcher", [Matcher("t"), Matcher("T", 2), Matcher("")])
def test_a_round_trip_changes_nothing(matcher):
    data = sio.dumps([matcher, matcher])
    first, second = sio.loads(data, trusted=["@id@"])
    assert first is second and type(first) is Matcher and sio.dumps([first, second]) == data
    assert first.predict(TEXTS) == matcher.predict(TEXTS)


@pytest.mark.parametrize("content", [
    None, {}, {"pattern": "t"}, {"pattern": 1, "flags": 0}, {"pattern": "(", "flags": 0},
    {"pattern": "t", "flags": True}, {"pattern": "t" * 2000, "flags": 0}, {"pattern": "t", "flags": 1 << 80},
])
def test_what_a_hostile_file_may_say(content):
    with pytest.raises(libskops.MalformedError):
        skops_hooks.build(Matcher, {"content": content})
