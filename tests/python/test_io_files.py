"""What dump and load do with files: whatever happens, a file is the old one or the new one, whole, and
nothing else is left; every kind of file that skops takes; Ctrl-C and progress."""

import io
import os
import pathlib
import random
import resource
import signal
import stat
import subprocess
import time
import zipfile

import numpy as np
import pytest
import skops.io

import libskops
import libskops.io as sio

SMALL = {"a": np.arange(20), "b": [1, (2, "x")]}
LARGE = np.arange(6_000_000.0)  # 48 MB


def interrupt(*_):
    raise KeyboardInterrupt


@pytest.fixture
def alarm():
    """Ctrl-C after so many seconds, also while C++ holds Python."""
    before = signal.signal(signal.SIGALRM, interrupt)
    yield lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def in_child(work):
    """Runs in a copy of this process; returns its id."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


# Interrupted.

def test_killed_at_random_moments(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "model.skops"
    objects = [np.arange(300_000.0), {"a": np.arange(290_000.0)[::-1], "b": "text"}]
    whole = {sio.dumps(obj) for obj in objects}
    sio.dump(objects[0], path)
    chance, left = random.Random(4), 0

    def work():
        while True:
            for obj in objects:
                sio.dump(obj, path)

    for _ in range(200):
        child = in_child(work)
        time.sleep(chance.random() * 0.02)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert path.read_bytes() in whole
        for name in set(os.listdir(folder)) - {"model.skops"}:
            assert name.startswith(".libskops-")  # killed between its naming and its renaming
            (folder / name).unlink()
            left += 1
    assert left < 100
    assert isinstance(sio.load(path), (np.ndarray, dict))


def limited(folder, work):
    """The status of a child that may write files of 1 MB and no more."""
    def limited_work():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
        try:
            work()
        except libskops.InputError as error:
            os._exit(7 if isinstance(error, OSError) and error.code == "file.write" else 8)
    return os.waitstatus_to_exitcode(os.waitpid(in_child(limited_work), 0)[1])


def test_no_room(tmp_path):
    path = tmp_path / "model.skops"
    sio.dump(SMALL, path)
    before = path.read_bytes()
    assert limited(tmp_path, lambda: sio.dump(LARGE, path)) == 7
    assert limited(tmp_path, lambda: sio.dump(LARGE, tmp_path / "new.skops")) == 7
    noise = np.random.default_rng(0).integers(0, 255, 4 << 20, np.uint8)
    assert limited(tmp_path, lambda: sio.dump(noise, path, compression=zipfile.ZIP_BZIP2)) == 7
    assert limited(tmp_path, lambda: sio.dump(SMALL, path)) == 0
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["model.skops"]
    with pytest.raises(OSError) as caught:
        sio.dump(LARGE, "/dev/full")
    assert caught.value.errno == 28 and isinstance(caught.value, libskops.InputError)


def test_full_device(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder],
                      capture_output=True, check=False).returncode:
        pytest.skip("may not mount")
    try:
        path = folder / "model.skops"
        sio.dump(SMALL, path)
        before = path.read_bytes()
        with pytest.raises(OSError, match="make room"):
            sio.dump(LARGE, path)
        assert path.read_bytes() == before and os.listdir(folder) == ["model.skops"]
        sio.dump({"other": 1}, path)
        assert sio.load(path) == {"other": 1}
    finally:
        subprocess.run(["umount", folder], check=True)


def test_interrupted_dump_leaves_the_old_file(tmp_path, alarm):
    path = tmp_path / "model.skops"
    sio.dump(SMALL, path)
    before = path.read_bytes()
    for obj in (np.tile(LARGE, 8), [(k,) for k in range(100_000)], list(range(1_000_000))):
        for target in (path, tmp_path / "new.skops"):
            alarm(0.01)
            with pytest.raises(KeyboardInterrupt):
                sio.dump(obj, target)
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["model.skops"]


@pytest.mark.parametrize("obj", [
    [np.full(100_000, float(k)) for k in range(100)], [(k,) for k in range(100_000)],
], ids=["arrays", "tuples"])
def test_interrupted_load(tmp_path, alarm, obj):
    path = tmp_path / "model.skops"
    sio.dump(obj, path)
    alarm(0.005)
    with pytest.raises(KeyboardInterrupt):
        sio.load(path)
    assert os.listdir(tmp_path) == ["model.skops"]
    assert len(sio.load(path)) == len(obj)


# Progress.

@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_progress(tmp_path, compression):
    path = tmp_path / "model.skops"
    obj = [np.arange(100_000.0) + k for k in range(40)]  # not so few numbers that they are deflated
    for work in (
            lambda said: sio.dump(obj, path, compression=compression, progress=said),
            lambda said: sio.dumps(obj, compression=compression, progress=said),
            lambda said: sio.load(path, progress=said),
            lambda said: sio.loads(path.read_bytes(), [], progress=said)):
        said = []
        work(lambda done, total: said.append((done, total)))
        dones = [done for done, _ in said]
        assert dones == sorted(dones) and dones[0] == 0 and said[-1][0] == said[-1][1]
        assert all(done <= total for done, total in said)
        assert len(said) >= (20 if compression == zipfile.ZIP_STORED else 2)
    assert sio.load(path, progress=None)[3][0] == 3.0


def test_progress_that_raises_ends_the_work(tmp_path):
    path = tmp_path / "model.skops"
    sio.dump(SMALL, path)
    before = path.read_bytes()

    def stop(done, total):
        if done > total // 2:
            raise ZeroDivisionError("enough")

    with pytest.raises(ZeroDivisionError, match="enough"):
        sio.dump(LARGE, path, progress=stop)
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["model.skops"]
    with pytest.raises(ZeroDivisionError, match="enough"):
        sio.dumps(LARGE, progress=stop)
    for source in (path, str(path)):
        with pytest.raises(ZeroDivisionError, match="enough"):
            sio.load(source, progress=stop)
    with pytest.raises(TypeError):
        sio.load(path, progress=1)


# Kinds of files.

def test_paths_of_every_kind(tmp_path):
    class Path:
        def __fspath__(self):
            return str(tmp_path / "pathlike.skops")
    for file in (str(tmp_path / "text.skops"), tmp_path / "path.skops", Path(),
                 os.fsencode(tmp_path / "bytes.skops"), os.fsencode(tmp_path) + b"/\xff.skops",
                 tmp_path / "größe \N{SNOWMAN}.skops"):
        assert sio.dump(SMALL, file) is None
        assert sio.load(file)["b"] == SMALL["b"]
        assert sio.get_untrusted_types(file=file) == []
    assert len(os.listdir(tmp_path)) == 6
    os.chdir(tmp_path)
    sio.dump(1, "here.skops")
    assert sio.load("here.skops") == 1


class Slow(io.RawIOBase):
    """An unbuffered file that takes a little at a time."""

    def __init__(self):
        self.data = b""

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data[:100])
        return min(100, len(data))


def test_file_objects(tmp_path):
    path, data = tmp_path / "model.skops", sio.dumps(SMALL)
    with open(path, "wb") as file:
        sio.dump(SMALL, file)
    assert path.read_bytes() == data
    with open(path, "rb") as file:
        assert sio.load(file)["b"] == SMALL["b"]
    memory = io.BytesIO()
    sio.dump(SMALL, memory)
    assert memory.getvalue() == data and skops.io.loads(data)["b"] == SMALL["b"]
    memory.seek(0)
    assert sio.load(memory)["b"] == SMALL["b"]
    slow = Slow()
    sio.dump(SMALL, slow)
    assert slow.data == data
    with open(tmp_path / "text.txt", "w", encoding="utf-8") as file, pytest.raises(TypeError):
        sio.dump(SMALL, file)


def test_pipes_are_written_as_they_are(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    child = in_child(lambda: sio.dump(LARGE, pipe))
    data = pipe.read_bytes()
    os.waitpid(child, 0)
    assert data == sio.dumps(LARGE) and stat.S_ISFIFO(os.stat(pipe).st_mode)


def test_permissions_and_links_are_kept(tmp_path):
    path, link = tmp_path / "model.skops", tmp_path / "link.skops"
    sio.dump(1, path)
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask
    path.chmod(0o640)
    link.symlink_to("model.skops")
    sio.dump(2, link)
    assert link.is_symlink() and sio.load(path) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    dangling = tmp_path / "dangling.skops"
    dangling.symlink_to(tmp_path / "not-there.skops")
    sio.dump(3, dangling)
    assert sio.load(dangling) == 3


@pytest.mark.parametrize("path, kind", [
    ("/none/such/model.skops", FileNotFoundError), ("/", IsADirectoryError),
    ("/dev/null/model.skops", (FileNotFoundError, NotADirectoryError)),
])
def test_errors_are_those_of_open(path, kind):
    for work in (lambda: sio.dump(1, path), lambda: sio.load(path),
                 lambda: sio.get_untrusted_types(file=path), lambda: sio.visualize(path),
                 lambda: sio.dump(1, path, compression=zipfile.ZIP_LZMA)):
        with pytest.raises(kind) as caught:
            work()
        assert isinstance(caught.value, libskops.InputError) and caught.value.errno


def test_what_is_no_archive_is_a_bad_zip_file():
    for data in (b"", b"PK", b"\x80\x05.", b"x" * 100, sio.dumps(1)[:-1]):
        with pytest.raises(zipfile.BadZipFile):
            sio.loads(data)
        with pytest.raises(zipfile.BadZipFile):
            skops.io.loads(data)


# Compression.

@pytest.mark.parametrize("compression", [
    zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("level", [None, -1, 0, 1, 6, 9, 10, 77])
def test_compression_as_skops_takes_it(tmp_path, compression, level):
    obj = {"a": np.arange(5000), "b": "text " * 200}

    def outcome(module):
        try:
            data = module.dumps(obj, compression=compression, compresslevel=level)
        except ValueError:
            return ValueError
        module.dump(obj, tmp_path / "model.skops", compression=compression, compresslevel=level)
        if module is sio:  # skops writes addresses, which compress differently each time
            assert (tmp_path / "model.skops").read_bytes() == data
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            methods = {member.compress_type for member in archive.infolist()}
        for loader in (sio, skops.io):
            loaded = loader.loads(data, trusted=[])
            assert loaded["b"] == obj["b"] and (loaded["a"] == obj["a"]).all()
        return methods

    if (compression, level) == (zipfile.ZIP_DEFLATED, 0):
        assert outcome(sio) == {zipfile.ZIP_STORED}  # what level 0 of deflate means
    else:
        assert outcome(sio) == outcome(skops.io)


def test_unknown_compression():
    for module in (sio, skops.io):
        with pytest.raises(NotImplementedError):
            module.dumps(1, compression=7)


def test_two_threads_write_one_file(tmp_path):
    import threading
    path = pathlib.Path(tmp_path / "model.skops")
    whole = {sio.dumps([k] * 10_000) for k in range(4)}

    def work(number):
        for _ in range(30):
            sio.dump([number] * 10_000, path)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_bytes() in whole and os.listdir(tmp_path) == ["model.skops"]
