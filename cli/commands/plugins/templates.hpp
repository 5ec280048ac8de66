// The files of sdk/templates, compiled in, so that the command makes repositories wherever it is.
#pragma once

#include <string_view>
#include <vector>

namespace skops_cli {

struct Template {
  std::string_view path;  // "native/src/clipper.cpp"
  std::string_view text;
};

std::vector<Template> templates();

}  // namespace skops_cli
