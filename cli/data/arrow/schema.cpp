#include "data/arrow/schema.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "utf8.hpp"

namespace skops_cli {
namespace {

// Numbers of fields in the tables of Arrow's Schema.fbs.
namespace schema_field {
constexpr unsigned endianness = 0, fields = 1;
}
namespace field_field {
constexpr unsigned name = 0, type_kind = 2, type = 3, dictionary = 4, children = 5, metadata = 6;
}
namespace pair_field {
constexpr unsigned key = 0, value = 1;
}
namespace dictionary_field {
constexpr unsigned id = 0, index_type = 1, kind = 3;
}
namespace int_field {
constexpr unsigned bit_width = 0, is_signed = 1;
}
namespace float_field {
constexpr unsigned precision = 0;
}

struct TypeName {
  const char *name, *remedy;
};
constexpr const char* as_numbers = "turn it into numbers or texts before writing";
constexpr const char* as_columns = "give each of its parts a column before writing";
// The members of the union Type, by number.
constexpr std::array<TypeName, 27> type_names = {
    {{"none", as_numbers},
     {"null", as_numbers},
     {"int", "cast it to int64 before writing"},
     {"float", "cast it to float64 before writing"},
     {"binary", "cast it to utf8 before writing"},
     {"utf8", as_numbers},
     {"bool", "cast it to utf8 before writing"},
     {"decimal", "cast it to float64 before writing"},
     {"date", as_numbers},
     {"time", as_numbers},
     {"timestamp", as_numbers},
     {"interval", as_numbers},
     {"list", as_columns},
     {"struct", as_columns},
     {"union", as_columns},
     {"fixed-size binary", as_numbers},
     {"fixed-size list", as_columns},
     {"map", as_columns},
     {"duration", as_numbers},
     {"large binary", "cast it to utf8 before writing"},
     {"large utf8", as_numbers},
     {"large list", as_columns},
     {"run-end encoded", "decode it before writing"},
     {"binary view", "cast it to utf8 before writing"},
     {"utf8 view", as_numbers},
     {"list view", as_columns},
     {"large list view", as_columns}}};
enum TypeKind : std::uint8_t {
  null_type = 1,
  int_type = 2,
  float_type = 3,
  utf8_type = 5,
  bool_type = 6,
  large_utf8_type = 20,
  utf8_view_type = 24,
};

using Kind = ArrowType::Kind;

[[noreturn]] void unsupported(const std::string& column, std::uint8_t kind, const char* within) {
  const bool known = kind < type_names.size();
  const std::string name =
      known ? type_names[kind].name : "number " + std::to_string(static_cast<int>(kind));
  bad_arrow(column + " has type " + within + name + ", which is not read",
            known ? type_names[kind].remedy : as_numbers);
}

skops::Dtype read_int(const FlatTable& type, const std::string& column) {
  const auto bits = type.number<std::int32_t>(int_field::bit_width, 0);
  const bool is_signed = type.number<std::uint8_t>(int_field::is_signed, 0) != 0;
  if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
    bad_arrow(column + " has integers of " + std::to_string(bits) + " bits, which there are not");
  }
  return {is_signed ? 'i' : 'u', static_cast<std::uint32_t>(bits / 8)};
}

skops::Dtype read_float(const FlatTable& type, const std::string& column) {
  const auto precision = type.number<std::int16_t>(float_field::precision, 0);
  if (precision < 0 || precision > 2) bad_arrow(column + " has floats of no known precision");
  return {'f', 2u << precision};
}

ArrowType read_type(const FlatTable& field, const std::string& column, const char* within) {
  const auto kind = field.number<std::uint8_t>(field_field::type_kind, 0);
  const std::optional<FlatTable> type = field.table(field_field::type);
  if (!type) bad_arrow(column + " has no type");
  const auto without_children = [&](ArrowType out) {
    if (field.tables(field_field::children).size() != 0) {
      bad_arrow(column + " has columns inside it, and its type none");
    }
    return out;
  };
  switch (kind) {
    case null_type: return without_children({Kind::null, {}});
    case bool_type: return without_children({Kind::boolean, {}});
    case int_type: return without_children({Kind::number, read_int(*type, column)});
    case float_type: return without_children({Kind::number, read_float(*type, column)});
    case utf8_type: return without_children({Kind::text, {}});
    case large_utf8_type: return without_children({Kind::large_text, {}});
    case utf8_view_type: return without_children({Kind::text_view, {}});
    default: unsupported(column, kind, within);
  }
}

void read_dictionary(const FlatTable& encoding, const std::string& column, ArrowField& out) {
  out.dictionary = encoding.number<std::int64_t>(dictionary_field::id, 0);
  if (encoding.number<std::int16_t>(dictionary_field::kind, 0) != 0) {
    bad_arrow(column + " has a dictionary of an unknown kind");
  }
  const std::optional<FlatTable> index = encoding.table(dictionary_field::index_type);
  out.index = index ? read_int(*index, column) : skops::dtype_of<std::int32_t>;
}

// What is left of a size that bytes must not share: work stays linear in it.
class Share {
 public:
  explicit Share(std::size_t size) : left_(size) {}
  void take(std::size_t size) {
    if (size > left_) bad_arrow("the names of its columns share their bytes");
    left_ -= size;
  }

 private:
  std::size_t left_;
};

// A type of somebody's own, such as pandas' periods: what is stored is not what is meant.
void refuse_extension(const FlatTable& field, const std::string& column, Share& share) {
  const FlatTables pairs = field.tables(field_field::metadata);
  share.take(pairs.size() * sizeof(flatbuffers::uoffset_t));
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const FlatTable pair = pairs[k];
    if (pair.text(pair_field::key) != "ARROW:extension:name") continue;
    const std::string_view name = pair.text(pair_field::value).substr(0, 80);
    bad_arrow(column + " has the extension type '" +
                  (find_invalid_utf8(name) == name.npos ? std::string(name) : "?") +
                  "', which is not read",
              as_numbers);
  }
}

}  // namespace

std::string named(const ArrowField& field) {
  constexpr std::size_t most = 80;
  std::size_t size = field.name.size();
  if (size > most) {
    size = most;
    while ((static_cast<unsigned char>(field.name[size]) & 0xc0) == 0x80) --size;
  }
  return "column '" + field.name.substr(0, size) + (size < field.name.size() ? "…'" : "'");
}

std::vector<ArrowField> read_arrow_schema(const FlatTable& schema, std::size_t size) {
  if (schema.number<std::int16_t>(schema_field::endianness, 0) != 0) {
    bad_arrow("its numbers are big-endian", "write it on a little-endian machine");
  }
  const FlatTables fields = schema.tables(schema_field::fields);
  if (fields.size() == 0) bad_arrow("the table has no columns", "a feature is a column");
  std::vector<ArrowField> out;
  std::set<std::string_view> names;
  std::map<std::int64_t, ArrowType> dictionaries;
  out.reserve(fields.size());
  Share share(size);
  for (std::size_t j = 0; j < fields.size(); ++j) {
    const FlatTable field = fields[j];
    const std::string_view name = field.text(field_field::name);
    share.take(name.size());
    if (find_invalid_utf8(name) != name.npos) bad_arrow("a column's name is not valid UTF-8");
    ArrowField& own = out.emplace_back();
    own.name = name;
    if (!names.insert(own.name).second) {
      bad_arrow("there are two of " + named(own), "give each its own name");
    }
    const std::string column = named(own);
    refuse_extension(field, column, share);
    const std::optional<FlatTable> encoding = field.table(field_field::dictionary);
    own.type = read_type(field, column, encoding ? "dictionary of " : "");
    if (!encoding) continue;
    read_dictionary(*encoding, column, own);
    if (!own.type.is_text()) {
      bad_arrow(column + " has a dictionary of other values than texts",
                "decode it before writing");
    }
    if (!(dictionaries.emplace(*own.dictionary, own.type).first->second == own.type)) {
      bad_arrow(column + " shares its dictionary with a column of another type");
    }
  }
  return out;
}

}  // namespace skops_cli
