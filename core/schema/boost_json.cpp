// Boost.JSON, compiled here: Debian's static library is not position-independent, and the core goes
// into Python's module as well.
#include <boost/json/src.hpp>
