#include "objects/dump.hpp"

#include <nanobind/stl/string.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "archive/zip_writer.hpp"
#include "found_plugins.hpp"
#include "host.hpp"
#include "objects/take_apart.hpp"
#include "objects/take_array.hpp"
#include "objects/text.hpp"
#include "objects/watch.hpp"
#include "skops/error.hpp"
#include "skops/limits.hpp"
#include "skops/save.hpp"
#include "writer/node_text.hpp"
#include "skops/output.hpp"

namespace nb = nanobind;

namespace skops_python {
namespace {

Plans& plans() {
  static auto& known = *new Plans(*host().registry());
  return known;
}

// With the recipes of what other packages bring, too.
Plans& found_plans(const skops::Host& found) {
  static auto& known = *new Plans(*found.registry());
  return known;
}

constexpr std::size_t worth_advice = std::size_t{8} << 20;

// A bytes object that grows.
class BytesOutput final : public skops::Output {
 public:
  explicit BytesOutput(std::size_t room)
      : bytes_(checked(PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(room)))),
        room_(room) {
    advise();
  }

  void write(std::span<const std::byte> bytes) override {
    if (bytes.empty()) return;
    if (bytes.size() > room_ - used_) grow(std::max(used_ + bytes.size(), 2 * room_));
    std::memcpy(PyBytes_AS_STRING(bytes_.get()) + used_, bytes.data(), bytes.size());
    used_ += bytes.size();
  }
  PyObject* take() {
    grow(used_);
    return bytes_.release();
  }

 private:
  void grow(std::size_t room) {
    PyObject* bytes = bytes_.release();
    if (_PyBytes_Resize(&bytes, static_cast<Py_ssize_t>(room)) != 0) throw PythonError();
    bytes_ = Ref(bytes);
    if (room > room_) advise();
    room_ = room;
  }
  // Large pages for what is about to be filled: small ones cost as much time as the filling.
  void advise() {
    const auto begin = reinterpret_cast<std::uintptr_t>(PyBytes_AS_STRING(bytes_.get()));
    constexpr std::uintptr_t page = std::uintptr_t{4} << 10;
    const std::uintptr_t first = (begin + page - 1) / page * page;
    const auto size = static_cast<std::size_t>(PyBytes_GET_SIZE(bytes_.get()));
    if (size < worth_advice) return;
    ::madvise(reinterpret_cast<void*>(first), begin + size - first, MADV_HUGEPAGE);
  }
  Ref bytes_;
  std::size_t room_, used_ = 0;
};

// In pieces, so that what watches comes between them.
class WatchedOutput final : public skops::Output {
 public:
  WatchedOutput(skops::Output& out, Watch& watch) : out_(out), watch_(watch) {}

  void write(std::span<const std::byte> bytes) override {
    while (!bytes.empty()) {
      const std::size_t n = std::min<std::size_t>(bytes.size(), Watch::most_bytes);
      out_.write(bytes.first(n));
      bytes = bytes.subspan(n);
      watch_.add(n);
    }
  }

 private:
  skops::Output& out_;
  Watch& watch_;
};

constexpr unsigned most_threads = 4;

// The archive in memory, but for the bytes of the object's own arrays.
class Archive {
 public:
  Archive(PyObject* object, Plans& plans) : taken_(plans, limits_) {
    const auto root = taken_.run(object);
    schema_ = skops::NodeText(taken_.list(), limits_, members_, most_threads).run(root);
    size_ = schema_.size() + 512;
    for (const skops::NamedMember& member : members_.members()) {
      size_ += member.head.size() + member.bytes.size() + 2 * member.name.size() + 140;
    }
  }
  std::size_t size() const { return size_; }
  void write(const skops::SaveOptions& options, skops::Output& out) const {
    skops::write_members(schema_, members_, options, out);
  }

 private:
  const skops::Limits limits_;
  TakeApart taken_;
  skops::MemberNames members_;
  std::string schema_;
  std::size_t size_ = 0;
};

// What other packages bring is asked for only where nothing else can take the object apart: the
// same object gives the same bytes, whatever was dumped before.
std::unique_ptr<const Archive> archive_of(PyObject* object) {
  need_numpy();
  try {
    return std::make_unique<const Archive>(object, plans());
  } catch (const skops::Error& error) {
    if (error.family() != skops::Family::unsupported) throw;
    const skops::Host* found = found_host();
    if (found == nullptr) throw;
    return std::make_unique<const Archive>(object, found_plans(*found));
  }
}

skops::SaveOptions options_of(bool deflate, int level) {
  skops::SaveOptions options;
  if (deflate) options.compression = skops::SaveOptions::Compression::deflated;
  options.level = level;
  return options;
}

nb::bytes dumps(nb::object object, bool deflate, int level, nb::object progress) {
  const auto held = archive_of(object.ptr());
  const Archive& archive = *held;
  BytesOutput bytes(deflate ? archive.size() / 2 : archive.size());
  const auto options = options_of(deflate, level);
  Watch watch(progress.ptr(), archive.size());
  WatchedOutput watched(bytes, watch);
  archive.write(options, watched);
  watch.finish();
  return nb::steal<nb::bytes>(bytes.take());
}

void dump(nb::object object, nb::object path, bool deflate, int level, nb::object progress) {
  PyObject* encoded = nullptr;
  if (PyUnicode_FSConverter(path.ptr(), &encoded) == 0) throw nb::python_error();
  const Ref name(encoded);
  const auto held = archive_of(object.ptr());
  const Archive& archive = *held;
  skops::FileOutput file(PyBytes_AS_STRING(encoded));
  Watch watch(progress.ptr(), archive.size());
  WatchedOutput watched(file, watch);
  archive.write(options_of(deflate, level), watched);
  watch.finish();
  file.commit();
}

constexpr int fast = 1;                          // of deflate's levels
constexpr std::uint64_t worth_deflating = 1024;  // bytes of a member

// An archive of arrays, deflated, as scipy.sparse.save_npz writes one.
nb::bytes npz(nb::dict arrays) {
  need_numpy();
  std::vector<TakenArray> taken;
  std::size_t room = 256;
  for (const auto& [name, array] : arrays) {
    if (!PyArray_Check(array.ptr())) throw nb::type_error("not an array");
    taken.push_back(take_array(reinterpret_cast<PyArrayObject*>(array.ptr())));
    room += taken.back().head.size() + taken.back().body.size() / 2 + 256;
  }
  BytesOutput bytes(room);
  // Small members stay as they are: deflating costs more than it gains there.
  skops::ZipWriter zip(bytes, options_of(true, fast), worth_deflating);
  std::size_t k = 0;
  for (const auto& [name, array] : arrays) {
    const TakenArray& part = taken[k++];
    const auto head = std::as_bytes(std::span(part.head.data(), part.head.size()));
    zip.add(std::string(text_of(name.ptr())) + ".npy", head, part.body,
            skops::checksum(part.body, skops::checksum(head)));
  }
  zip.finish();
  return nb::steal<nb::bytes>(bytes.take());
}

// Other bytes, as safely.
void write_file(nb::object path, nb::bytes bytes) {
  PyObject* encoded = nullptr;
  if (PyUnicode_FSConverter(path.ptr(), &encoded) == 0) throw nb::python_error();
  const Ref name(encoded);
  skops::FileOutput file(PyBytes_AS_STRING(encoded));
  file.write(std::as_bytes(std::span(bytes.c_str(), bytes.size())));
  file.commit();
}

}  // namespace

void add_dump(nb::module_& m) {
  m.def("dump", &dump, nb::arg("obj").none(), nb::arg("path"), nb::arg("deflate"), nb::arg("level"),
        nb::arg("progress").none());
  m.def("dumps", &dumps, nb::arg("obj").none(), nb::arg("deflate"), nb::arg("level"),
        nb::arg("progress").none());
  m.def("npz", &npz, nb::arg("arrays"));
  m.def("write_file", &write_file, nb::arg("path"), nb::arg("data"));
}

}  // namespace skops_python
