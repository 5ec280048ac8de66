// resave IN OUT [--deflated] [--times N] [--ready] [--made]: writes a file anew, for the tests in
// Python.
// `--times`: over and over, `--ready` prints a line once the first is written.
// `--made`: through the serializers of the plugins, as a part of an object made in C++.
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "skops/skops.hpp"

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  skops::SaveOptions options;
  long times = 1;
  bool ready = false, made = false;
  for (int k = 3; k < argc; ++k) {
    const std::string_view argument = argv[k];
    if (argument == "--deflated") options.compression = skops::SaveOptions::Compression::deflated;
    if (argument == "--ready") ready = true;
    if (argument == "--made") made = true;
    if (argument == "--times" && k + 1 < argc) times = std::atol(argv[++k]);
  }
  try {
    const skops::Host host;
    const skops::File file = skops::File::open(argv[1]);
    for (long k = 0; k < times; ++k) {
      if (made) {
        skops::save(host, skops::Part(host.load(file)), argv[2], options);
      } else {
        skops::save(host, file, argv[2], options);
      }
      if (ready && k == 0) std::cout << "ready" << std::endl;
    }
  } catch (const skops::Error& error) {
    std::cerr << error.what() << "\n";
    return static_cast<int>(error.family());
  }
}
