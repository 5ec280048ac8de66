// Makes ZIP archives byte for byte from a description in JSON, wrong ones above all.
//
//   {"members": [{"name": "a.txt", "data": "text", "method": 8,
//                 "local": {"crc": 1}, "central": {"name": "b.txt"}}],
//    "end": {"entries": 2}, "zip64": {"offset": 0}, "prefix": "0000"}
//
// Without overrides the archive is the one that Python's zipfile writes. Bytes are hexadecimal
// digits ("prefix", "gap", "between", "suffix", "extra", "comment", "append", "before"), but "data"
// is a text, {"zeros": n}, {"hex": "…"} or {"archive": {another description}}.
//   member: name | name_hex, data, method, count (so many of them, numbered), cut (bytes off the
//   end
//           of the stream), append (behind it), dictionary (LZMA); and for both headers: flags,
//           crc, size, compressed_size, extra, zip64 (the sizes go into a ZIP64 field)
//   local, central: the same for one header, and signature, method, name; central: offset, comment,
//           disk
//   end: signature, disk, entries_here, entries, size, offset, comment
//   zip64: true, or the fields of its end record: signature, record_size, disk, entries_here,
//           entries, size, offset; and locator_signature, locator_offset, disks
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skops_test {

std::string build_archive(const boost::json::object& description);

// Names and contents that an honest reader finds in what `build_archive` made.
std::vector<std::pair<std::string, std::string>> contents_of(
    const boost::json::object& description);

// An archive of stored members, as skops writes it.
std::string plain_archive(const std::vector<std::pair<std::string, std::string>>& members);

}  // namespace skops_test
