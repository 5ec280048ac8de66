#define BOOST_TEST_MODULE make
#include <boost/test/unit_test.hpp>
