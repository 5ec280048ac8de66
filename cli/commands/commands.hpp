// The commands. Each gives the exit status and throws skops::Error for what went wrong; `out` is
// standard output, flushed by the caller.
#pragma once

#include <exception>

#include "options.hpp"
#include "output.hpp"
#include "skops/host.hpp"

namespace skops_cli {

int audit(const Options& options, Output& out);
int show(const Options& options, Output& out);
int predict(const Options& options, Output& out);
int plugins(const Options& options, Output& out);

// One line on standard error: what, where, what to do. Gives the exit status of the family.
// `file` is named where the message does not name it.
int report_error(const std::exception& error, const std::string& file = {});

// A line on standard error for each plugin that somebody has enabled and the host refuses.
void warn_of_refused(const skops::Host& host);

}  // namespace skops_cli
