// The plugin in the fake host of the SDK: `unit LIBRARY`. At least half of the tests should be
// objects that must be refused.
#include <skops/sdk/testing/plugin.hpp>

using namespace skops::sdk::testing;

namespace {

Part clipper(std::vector<double> lower, std::vector<double> upper) {
  return object("@id@", "Clipper",
                {{"lower_", array(lower)}, {"upper_", array(upper)}, {"n_features_in_", 2}});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const Plugin plugin(argv[1]);
  Report report;

  const Object loaded = plugin.load(clipper({1, 5}, {3, 7}));
  report.equal(loaded.call("transform", rows({{0, 6}, {9, 9}})).numbers(), {1, 6, 3, 7},
               "transform");
  report.equal(loaded.save(), loaded.origin(), "what was loaded is saved as it was");

  const Part made =
      object("@id@", "Clipper", {{"lower_", array<double>({0})}, {"upper_", array<double>({1})}});
  const Part saved = plugin.load(made).save();
  report.check(*saved.find("content")->find("n_features_in_") == Part(1),
               "what was left out is added");

  report.refused(
      "model.malformed",
      [&] {
        plugin.load(clipper({3, 5}, {1, 7}));
      },
      "an empty range");
  report.refused(
      "model.malformed",
      [&] {
        plugin.load(clipper({1, 5}, {3}));
      },
      "a bound too few");
  report.refused(
      "model.malformed", [&] { plugin.load(clipper({1}, {3})); }, "another width");
  report.refused(
      "model.malformed",
      [&] {
        plugin.load(clipper({1, NAN}, {3, 4}));
      },
      "NaN for a bound");
  report.refused(
      "model.unfitted", [&] { plugin.load(object("@id@", "Clipper")); }, "an unfitted one");
  report.refused(
      "input.invalid", [&] { loaded.call("transform", rows({{1}})); }, "too few columns");
  report.refused(
      "input.invalid",
      [&] {
        loaded.call("transform", rows({{1, NAN}}));
      },
      "a missing value");
  return report.status();
}
