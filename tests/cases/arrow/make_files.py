"""Writes the Arrow files that tests/hostile/fuzz_arrow.cpp damages: every type that is read, with and
without nulls, as a file and as a stream. `python make_files.py` writes them anew beside itself;
result.arrow comes from the command `libskops` of this tree (needs build/).
"""

import pathlib
import subprocess

import numpy as np
import pyarrow as pa
import pyarrow.ipc

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]
WORDS = ["red", None, "naïve café", "", "a text of more than twelve bytes", "one more long text, of others"]


def mixed():
    numbers = {name: pa.array([0, None, 2, 3, 100, 5], name)
               for name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
                            "float32", "float64")}
    table = pa.table({
        **numbers, "float16": pa.array(np.arange(6, dtype="f2")), "whole": pa.array(range(6)),
        "bool": pa.array([True, None, False, True, True, False]), "truth": pa.array([True, False] * 3),
        "null": pa.nulls(6), "text": pa.array(WORDS), "large": pa.array(WORDS, "large_utf8"),
        "view": pa.array(WORDS, pa.string_view()), "word": pa.array(WORDS).dictionary_encode(),
        "other": pa.array(WORDS, "large_utf8").dictionary_encode()})
    at = table.schema.get_field_index("whole")
    field = table.schema.field(at).with_metadata({"unit": "m", "since": "2026"})
    return table.cast(table.schema.set(at, field).with_metadata({"of": "everything"}))


def write(name, opener, table, rows):
    with opener(str(HERE / name), table.schema) as writer:
        writer.write_table(table, max_chunksize=rows)


def write_replaced():
    schema = pa.schema({"a": pa.dictionary(pa.int8(), pa.utf8()), "b": pa.int64()})
    with pa.ipc.new_stream(str(HERE / "replaced-stream.arrow"), schema) as writer:
        for words in (["x", "y"], ["zebra", "x"], ["z"]):
            column = pa.array(words).dictionary_encode().cast(schema[0].type)
            writer.write_batch(pa.record_batch([column, pa.array(range(len(words)))], schema=schema))


def main():
    write("mixed-file.arrow", pa.ipc.new_file, mixed(), 6)
    write("mixed-stream.arrow", pa.ipc.new_stream, mixed(), 6)
    few = mixed().select(["int8", "float64", "bool", "text", "view", "word"])
    write("batches-file.arrow", pa.ipc.new_file, few, 2)
    write("batches-stream.arrow", pa.ipc.new_stream, few, 3)
    write("nulls-file.arrow", pa.ipc.new_file, pa.table({"n": pa.nulls(6), "m": pa.nulls(6)}), 4)
    write_replaced()
    model = ROOT / "tests/data/sk19/Pipeline-columns-logistic/model.skops"
    table = b"town,size,floor,age,income\nBern,small,2,31,5200.5\n,,0,,4100\n"
    subprocess.run([str(ROOT / "build/bin/libskops"), "predict", str(model), "-", "--from", "csv", "-o",
                    str(HERE / "result.arrow")], input=table, check=True)


if __name__ == "__main__":
    main()
