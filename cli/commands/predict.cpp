#include "commands/commands.hpp"
#include "skops/error.hpp"
namespace skops_cli {
int predict(const Options&, Output&) {
  throw skops::Error(skops::Family::unsupported, "predict.none",
                     "predict is not part of this build yet");
}
}  // namespace skops_cli
