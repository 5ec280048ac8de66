// The views of an audit: each shows the same value, in words.hpp's words.
#pragma once

#include <span>
#include <string>

#include "skops/report.hpp"

namespace skops {

std::string text_report(const Audit& audit);
std::string json_report(const Audit& audit);
std::string sarif_report(std::span<const AuditedFile> files);
std::string html_report(std::span<const AuditedFile> files);

}  // namespace skops
