#include "objects/build_npz.hpp"

#include <string_view>

#include "archive/archive.hpp"
#include "objects/build_json.hpp"
#include "objects/build_npy.hpp"
#include "skops/error.hpp"

namespace skops_python {

Ref read_npz(std::span<const std::byte> bytes, skops::Budget& budget, const std::string& label) {
  const auto archive = skops::Archive::from_memory(bytes, budget, label);
  Ref out = checked(PyDict_New());
  for (std::size_t k = 0; k < archive->size(); ++k) {
    std::string_view name = (*archive)[k].name;
    if (!name.ends_with(".npy")) {
      throw skops::Error(skops::Family::malformed, "npy.archive",
                         "an archive of arrays holds something else",
                         {.member = std::string(name)});
    }
    name.remove_suffix(4);
    const Ref array = read_npy(archive->bytes(static_cast<std::uint32_t>(k), budget), budget);
    if (PyDict_SetItem(out.get(), python_text(name).get(), array.get()) != 0) throw PythonError();
  }
  return out;
}

}  // namespace skops_python
