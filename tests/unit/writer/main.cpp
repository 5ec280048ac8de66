#define BOOST_TEST_MODULE writer
#include <boost/test/unit_test.hpp>
