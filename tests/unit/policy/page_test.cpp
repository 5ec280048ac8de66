// The lines of docs/trust.md, with places of a test's own.
#include <boost/test/unit_test.hpp>

#include "scratch.hpp"

BOOST_AUTO_TEST_CASE(the_lines_of_the_page) {
  const Scratch scratch;
  std::filesystem::create_directories(scratch.folder / "service");
  write(scratch.where.user, allowing("a.B"));
  write(scratch.folder / "service/policy.json", allowing("c.D"));
  const skops::PolicyLocations places = scratch.where;
  const std::filesystem::path service = scratch.folder / "service";

  // A host reads nothing unless it does this. `places` may be PolicyLocations::of_this_user().
  skops::PolicyFiles files = skops::read_policy_files(places);
  skops::Policy policy = files.policy;
  policy.add(skops::read_policy_file(service / "policy.json", places.owner));
  policy.trust("mycompany.models.*");

  BOOST_REQUIRE(policy.rules().size() == 3u);
  BOOST_TEST((policy.rules()[0].layer == skops::Layer::user));
  BOOST_TEST(policy.rules()[1].origin.ends_with("service/policy.json:1"));
}
