// Everything a host needs:
//
//   skops::Host host;
//   skops::File file = skops::File::open("model.skops");
//   skops::Audit audit = host.audit(file);
//   skops::Model model = host.load(file);
//   skops::Array y = model.predict(skops::view(x, rows, columns));
#pragma once

#include "skops/array.hpp"
#include "skops/audit.hpp"
#include "skops/error.hpp"
#include "skops/file.hpp"
#include "skops/host.hpp"
#include "skops/limits.hpp"
#include "skops/make.hpp"
#include "skops/model.hpp"
#include "skops/output.hpp"
#include "skops/policy.hpp"
#include "skops/policy_files.hpp"
#include "skops/report.hpp"
#include "skops/save.hpp"
#include "skops/trust.hpp"
