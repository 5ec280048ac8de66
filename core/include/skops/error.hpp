// One exception type for everything that can go wrong, and where it went wrong.
//
// Every failure of the core, of a plugin or of an input is a `skops::Error`: a stable code, the
// family it belongs to (which is also the exit status of the command), the archive member, the path
// inside the stored object, the plugin, and what to do about it. `what()` is one line that holds
// all of these, with control and bidirectional characters escaped, because names and keys come from
// files that nobody trusts.
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace skops {

// The families, the same in C++, in Python and as exit statuses of the command.
enum class Family : int {
  untrusted = 1,    // a name needs a decision, or a rule denies it
  usage = 2,        // the caller asked for something that makes no sense
  malformed = 3,    // the file breaks a rule of the format, or lies
  limit = 4,        // a limit of skops::Limits would be exceeded
  unsupported = 5,  // honest, but this build or this model cannot do it
  plugin = 6,       // a plugin is missing, refused or broken
  input = 7,        // the data given to a method, or a file that cannot be read or written
};

// Where an error happened. Empty texts are left out of the message.
struct Where {
  std::string member = {};  // the archive's member, for example "schema.json"
  std::string path = {};    // the path in the object, for example "steps[1][1].coef_"
  std::string plugin = {};  // the plugin's id
};

class Error : public std::exception {
 public:
  // `code` is a stable dotted name such as "archive.duplicate-name" (docs/errors.md lists them);
  // `text` says what is wrong; `remedy` says what to do and may be empty.
  Error(Family family, std::string code, std::string text, Where where = {},
        std::string remedy = {});

  const char* what() const noexcept override { return message_.c_str(); }
  Family family() const noexcept { return family_; }
  const std::string& code() const noexcept { return code_; }
  const std::string& text() const noexcept { return text_; }
  const std::string& remedy() const noexcept { return remedy_; }
  const Where& where() const noexcept { return where_; }

  // The same error with the empty parts of `where` filled in: inner layers know what, outer ones
  // know where.
  Error with(const Where& where) const;

 private:
  void compose();

  Family family_;
  std::string code_, text_, remedy_, message_;
  Where where_;
};

// `text` with control characters, bidirectional marks, invalid UTF-8 and terminal escapes written
// as visible escapes (\x1b, \u202e), so that it can be printed anywhere; at most `most` bytes of
// it.
std::string printable(std::string_view text, std::size_t most = 200);

}  // namespace skops
