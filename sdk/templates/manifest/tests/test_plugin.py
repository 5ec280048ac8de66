"""What users of the library do with its objects: save, look, trust the library, load."""

import libskops
import libskops.io as sio
import numpy as np
import pytest

from @id@ import Clipper

X = np.array([[1.0, 5.0], [2.0, 7.0], [3.0, 6.0]])


def test_the_manifest_is_found_and_accepted():
    rows = [row for row in libskops.plugins() if row["id"] == "@id@"]
    assert [row["state"] for row in rows] == ["found"], rows


def test_the_library_is_trusted_by_its_name():
    data = sio.dumps(Clipper().fit(X))
    names = {name.library for name in libskops.audit(data).names if name.name.startswith("@id@.")}
    assert names == {"@id@"}
    with pytest.raises(sio.UntrustedTypesFoundException, match='trusted=."@id@".'):
        sio.loads(data)
    assert libskops.audit(data, trust=["@id@"]).ok


def test_a_round_trip_changes_nothing():
    model = Clipper().fit(X)
    data = sio.dumps(model)
    again = sio.loads(data, trusted=["@id@"])
    assert type(again) is Clipper and sio.dumps(again) == data
    assert (again.transform(X + 1) == model.transform(X + 1)).all()
