"""Writes the honest archives of this folder: what Python's zipfile, numpy.savez and
scipy.sparse.save_npz make. Needs numpy and scipy; the results are committed.

    python generate.py
"""

import io
import json
import pathlib
import zipfile

import numpy as np
import scipy.sparse

HERE = pathlib.Path(__file__).parent


def write(name, about, data):
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    (folder / "archive.zip").write_bytes(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        crcs = {info.filename: info.CRC for info in archive.infolist()}
    case = {"about": about, "crcs": crcs}
    (folder / "case.json").write_text(json.dumps(case) + "\n")


def zipped(method, zip64=False):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, text in (("schema.json", '{"a": 1}'), ("0.npy", "0123456789" * 100), ("empty", "")):
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            with archive.open(info, "w", force_zip64=zip64) as member:
                member.write(text.encode())
    return out.getvalue()


def saved(function, *arguments, **options):
    out = io.BytesIO()
    function(out, *arguments, **options)
    return out.getvalue()


def main():
    for method in ("STORED", "DEFLATED", "BZIP2", "LZMA"):
        data = zipped(getattr(zipfile, f"ZIP_{method}"))
        write(f"accept-zipfile-{method.lower()}", f"Python's zipfile, ZIP_{method}", data)
    write("accept-zipfile-zip64", "Python's zipfile, force_zip64",
          zipped(zipfile.ZIP_DEFLATED, zip64=True))
    array = np.arange(12.0).reshape(3, 4)
    write("accept-savez", "numpy.savez", saved(np.savez, a=array, b=array > 3))
    write("accept-savez-compressed", "numpy.savez_compressed",
          saved(np.savez_compressed, a=array, b=array > 3))
    sparse = scipy.sparse.csr_matrix(array)
    for compressed in (False, True):
        name = "accept-save-npz" + ("-compressed" if compressed else "")
        write(name, "scipy.sparse.save_npz", saved(scipy.sparse.save_npz, sparse,
                                                   compressed=compressed))


if __name__ == "__main__":
    main()
