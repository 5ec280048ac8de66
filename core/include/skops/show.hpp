// The object of a file as a tree for people: a pass over the node graph that builds nothing, runs
// no plugin code and reads no array.
//
//   for (const skops::Shown& line : skops::show(host, file)) …
//
// gives one line a node in the order of reading, each with its depth. The state of an object is
// shown as its attributes; plain values and short containers of them stand on one line; an object
// that is shown already is a reference to it (so cycles end). The work is linear in what is shown.
// Every text may come from a hostile file: `printable` it, or escape it as JSON.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "skops/file.hpp"
#include "skops/host.hpp"

namespace skops {

struct Shown {
  enum class Kind {
    object,     // with attributes or items below it
    value,      // plain: `text` and, where it is JSON, `json` hold all of it
    data,       // `member` holds its bytes: an array, a sparse matrix, bytes
    name,       // a type or function, named by `type`
    reference,  // shown at `text`, a path
    omitted,    // `items` more of the container
    unknown,    // a loader that no plugin declares
  };
  Kind kind = Kind::object;
  std::uint32_t depth = 0;
  std::string name = {};  // "coef_", "[0]", "['key']"; empty for the root
  std::string type = {};  // "sklearn.svm._classes.SVC"
  std::string loader = {};
  std::string text = {};
  std::string json = {};
  std::string member = {};
  std::uint64_t items = 0;  // of a container, all of them; attributes do not count
};

struct ShowOptions {
  std::uint32_t most_depth = std::numeric_limits<std::uint32_t>::max();
  std::uint64_t most_items = std::numeric_limits<std::uint64_t>::max();  // of a container
  bool inline_values = true;  // short containers of plain values on one line
};

std::vector<Shown> show(const Host& host, const File& file, const ShowOptions& options = {});

// What the file says about itself: the protocol and the skops version that wrote it.
struct Origin {
  int protocol = 0;
  std::string skops_version;
  std::uint64_t nodes = 0;
};
Origin origin(const Host& host, const File& file);

}  // namespace skops
