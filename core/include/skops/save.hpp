// Writing a file anew: the same object, in the compact and deterministic form that docs/format.md
// describes.
//
//   skops::save(host, skops::File::open("model.skops"), "smaller.skops");
//
// Every node of the file is kept, whether a plugin builds it or not; nothing is built and no plugin
// code runs. Equal objects give equal bytes. A file appears whole or not at all: what goes wrong on
// the way leaves the old one. It may be the very file that was opened.
//
// Errors are skops::Error: `input` ("file.write"); `malformed` and `limit` as in loading;
// `unsupported` ("save.unknown-loader", "save.unread-node") for files whose references nobody here
// can be sure to keep.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace skops {

class File;
class Host;

struct SaveOptions {
  enum class Compression { stored, deflated };
  // Stored members load fastest, and large arrays among them can be used where they lie in the
  // file. Long rows of few different numbers are deflated all the same (docs/format.md).
  Compression compression = Compression::stored;
  int level = -1;  // of deflate: 0 to 9, or -1 for the default
};

void save(const Host& host, const File& file, const std::filesystem::path& path,
          const SaveOptions& options = {});
std::vector<std::byte> save_to_memory(const Host& host, const File& file,
                                      const SaveOptions& options = {});

}  // namespace skops
