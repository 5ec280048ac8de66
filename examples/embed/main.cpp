// Opens a .skops file that nobody vouches for, prints what it would build, scores a matrix.
//
//   embed MODEL.skops COLUMNS NUMBER...     the numbers row by row
//
// docs/getting-started.md explains these lines.
#include <cstdio>
#include <cstdlib>
#include <skops/skops.hpp>
#include <string>
#include <vector>

namespace {

void print(const skops::Array& y) {
  const std::size_t columns = y.shape().size() < 2 ? 1 : static_cast<std::size_t>(y.shape()[1]);
  for (std::size_t k = 0; k < y.size(); ++k) {
    const char end = (k + 1) % columns == 0 ? '\n' : ' ';
    if (y.dtype().kind == 'U' || y.dtype().kind == 'O') {
      std::printf("%s%c", y.text(k).c_str(), end);
    } else {
      std::printf("%.17g%c", y.number(k), end);
    }
  }
}

int run(const char* path, std::size_t columns, const std::vector<double>& x) {
  // [open] Opening checks the structure of the archive; it reads no array and imports nothing.
  skops::Host host;
  skops::File file = skops::File::open(path);

  // [audit] Every name that the file would have built, and what the policy says of it.
  skops::Policy policy;
  policy.deny("sklearn.svm.*");
  skops::Audit audit = host.audit(file, policy);
  std::fputs(audit.report().c_str(), stdout);

  // [load] The native model: the plugins' own C++ objects. Names that no plugin builds stay data.
  skops::Model model = host.load(file, policy);
  if (!model.unavailable().empty()) {
    std::printf("%s cannot be scored: %s\n", model.type().c_str(), model.unavailable().c_str());
    return 5;
  }
  for (const std::string& method : model.methods()) std::printf("method %s\n", method.c_str());

  // [predict] A view of the caller's memory; no copy is made.
  const std::size_t rows = columns == 0 ? 0 : x.size() / columns;
  skops::Array y = model.predict(skops::view(x, rows, columns));
  std::printf("%zu predictions of dtype %s\n", y.size(), y.dtype().name().c_str());
  print(y);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: embed MODEL.skops COLUMNS NUMBER...\n");
    return 2;
  }
  std::vector<double> x;
  for (int k = 3; k < argc; ++k) x.push_back(std::strtod(argv[k], nullptr));
  // [errors] One exception type for all that goes wrong: a family, a code, where, what to do.
  try {
    return run(argv[1], std::strtoul(argv[2], nullptr, 10), x);
  } catch (const skops::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.family());
  }
}
