// Unit tests of a plugin without a host, a file or Python: the built library, a few parts that say
// what a file would hold (part.hpp), and what the plugin makes of them.
//
//   int main(int argc, char** argv) {
//     const Plugin plugin(argv[1]);                         // the .so
//     Report report;
//     const Object detector = plugin.load(object("acme_outliers", "MadDetector", {…}));
//     report.equal(detector.call("predict", rows({{1, 2}, {9, 9}})).numbers(), {1, -1}, "predict");
//     report.equal(detector.save(), detector.origin(), "saved as it was loaded");
//     report.refused("model.malformed", [&] { plugin.load(…); }, "a negative scale");
//     return report.status();
//   }
//
// What depends on a whole host (audits, names, limits, members inside of members) is tested with
// files; `libskops plugins validate` runs every rule of the boundary. For trusted input: a test's
// own.
#pragma once

#include <dlfcn.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "skops/sdk/estimator.hpp"
#include "skops/sdk/testing/fake_writer.hpp"

namespace skops::sdk::testing {

// A matrix to give to a method.
class Rows {
 public:
  explicit Rows(const std::vector<std::vector<double>>& rows)
      : numbers_(std::make_shared<OwnedArray>(
            dtype_of<double>, std::vector<std::int64_t>{
                                  static_cast<std::int64_t>(rows.size()),
                                  rows.empty() ? 0 : static_cast<std::int64_t>(rows[0].size())})) {
    double* to = numbers_->as<double>();
    for (const auto& row : rows) {
      if (row.size() != rows[0].size()) throw std::invalid_argument("rows of different lengths");
      to = std::copy(row.begin(), row.end(), to);
    }
    numbers_->describe();
  }
  skops_input input() const {
    skops_input out{};
    out.size = sizeof out;
    out.kind = SKOPS_INPUT_DENSE;
    out.rows = static_cast<std::uint64_t>(numbers_->shape[0]);
    out.columns = static_cast<std::uint64_t>(numbers_->shape[1]);
    out.array = &numbers_->raw;
    return out;
  }

 private:
  std::shared_ptr<OwnedArray> numbers_;
};
inline Rows rows(const std::vector<std::vector<double>>& numbers) {
  return Rows(numbers);
}

// What a method gave.
class Result {
 public:
  Result() : captured_(std::make_unique<Captured>()) {}
  Captured& captured() { return *captured_; }
  ArrayView array(std::size_t k = 0) const { return captured_->array(k); }
  std::vector<double> numbers(std::size_t k = 0) const { return array(k).to_vector<double>(); }
  std::vector<std::int64_t> shape(std::size_t k = 0) const {
    const auto shape = array(k).shape();
    return {shape.begin(), shape.end()};
  }

 private:
  std::unique_ptr<Captured> captured_;
};

// An object that the plugin made; holds all that it was made from.
class Object {
 public:
  Object(const skops_plugin& plugin, Part part, std::uint32_t protocol)
      : plugin_(&plugin),
        part_(std::make_unique<const Part>(std::move(part))),
        host_(std::make_unique<FakeHost>(plugin, protocol)),
        object_(host_->load(*part_)) {}

  const Part& origin() const { return *part_; }
  std::vector<std::string> methods() const {
    std::vector<std::string> out;
    const skops_object_type& type = *object_.type;
    const std::uint64_t n = type.method_count != nullptr ? type.method_count(object_.state) : 0;
    for (std::uint64_t k = 0; k < n; ++k)
      out.emplace_back(view(type.method_name(object_.state, k)));
    return out;
  }
  // Throws Failure with what the method reported.
  Result call(std::string_view method, const Rows& x) const {
    const auto known = methods();
    skops_call call{};
    call.size = sizeof call;
    for (call.method = 0; call.method < known.size(); ++call.method) {
      if (known[call.method] == method) break;
    }
    if (call.method == known.size()) unsupported("no method " + std::string(method));
    const skops_input input = x.input();
    Result out;
    call.input = &input;
    call.threads = 1;
    call.sink = out.captured().sink();
    out.captured().raise(object_.type->call(object_.state, &call));
    return out;
  }
  Part save() const { return FakeWriter(*plugin_, *host_).save(object_); }

 private:
  const skops_plugin* plugin_;
  std::unique_ptr<const Part> part_;
  std::unique_ptr<FakeHost> host_;
  skops_object object_;
};

// A plugin's library, mapped into the test.
class Plugin {
 public:
  explicit Plugin(const std::string& library) {
    void* mapped = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (mapped == nullptr) throw std::runtime_error(::dlerror());
    plugin_ = static_cast<const skops_plugin*>(::dlsym(mapped, "skops_plugin_v1"));
    if (plugin_ == nullptr) throw std::runtime_error(library + " does not export skops_plugin_v1");
  }
  const skops_plugin& entry() const { return *plugin_; }
  Object load(Part part, std::uint32_t protocol = 2) const {
    return Object(*plugin_, std::move(part), protocol);
  }

 private:
  const skops_plugin* plugin_ = nullptr;
};

// Counts and prints what does not hold.
class Report {
 public:
  void check(bool holds, const std::string& what) {
    ++run_;
    if (holds) return;
    ++failed_;
    std::printf("failed: %s\n", what.c_str());
  }
  void equal(const std::vector<double>& got, const std::vector<double>& wanted,
             const std::string& what, double relative = 1e-9) {
    bool same = got.size() == wanted.size();
    for (std::size_t k = 0; same && k < got.size(); ++k) {
      same = std::abs(got[k] - wanted[k]) <= relative * std::abs(wanted[k]);
    }
    check(same, what);
  }
  void equal(const Part& got, const Part& wanted, const std::string& what) {
    check(got == wanted, what);
  }
  // That the body is refused, with this code.
  void refused(const std::string& code, const std::function<void()>& body,
               const std::string& what) {
    try {
      body();
    } catch (const Failure& failure) {
      return check(failure.code == code, what + ": " + failure.code + ", " + failure.text);
    }
    check(false, what + " is not refused");
  }
  int status() const {
    std::printf("%d checks, %d failed\n", run_, failed_);
    return run_ > 0 && failed_ == 0 ? 0 : 1;
  }

 private:
  int run_ = 0, failed_ = 0;
};

}  // namespace skops::sdk::testing
