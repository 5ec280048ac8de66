#include "trust/refused_names.hpp"

#include <algorithm>
#include <iterator>

namespace skops {
namespace {

constexpr std::string_view imports = "it imports code", evaluates = "it evaluates text or code",
                           acts = "it starts processes or changes files",
                           reaches = "it reads or replaces attributes, around the audit",
                           loads = "it loads another file, which nobody has audited";

struct Refused {
  std::string_view name;  // with `.*`: everything below
  std::string_view reason;
};

// Sorted, so that it can be searched; a test holds the order.
// clang-format off
constexpr Refused table[] = {
    {"IPython.*", evaluates},
    {"__builtin__.*", evaluates},
    {"_cffi_backend.*", imports},
    {"_ctypes.*", imports},
    {"_frozen_importlib.*", imports},
    {"_frozen_importlib_external.*", imports},
    {"_imp.*", imports},
    {"_io.*", acts},
    {"_operator.attrgetter", reaches},
    {"_operator.methodcaller", reaches},
    {"_pickle.*", loads},
    {"_posixsubprocess.*", acts},
    {"_signal.*", acts},
    {"_socket.*", acts},
    {"_thread.*", acts},
    {"_winapi.*", acts},
    {"antigravity.*", acts},
    {"asyncio.*", acts},
    {"atexit.*", acts},
    {"bdb.*", evaluates},
    {"builtins.__build_class__", reaches},
    {"builtins.__dict__", reaches},
    {"builtins.__import__", imports},
    {"builtins.__loader__", imports},
    {"builtins.__spec__", imports},
    {"builtins.breakpoint", evaluates},
    {"builtins.code", evaluates},
    {"builtins.compile", evaluates},
    {"builtins.delattr", reaches},
    {"builtins.eval", evaluates},
    {"builtins.exec", evaluates},
    {"builtins.getattr", reaches},
    {"builtins.globals", reaches},
    {"builtins.help", evaluates},
    {"builtins.locals", reaches},
    {"builtins.open", acts},
    {"builtins.setattr", reaches},
    {"builtins.type", reaches},
    {"builtins.vars", reaches},
    {"cPickle.*", loads},
    {"cProfile.*", evaluates},
    {"cffi.*", imports},
    {"cloudpickle.*", loads},
    {"code.*", evaluates},
    {"codeop.*", evaluates},
    {"collections.namedtuple", evaluates},
    {"concurrent.*", acts},
    {"copyreg.*", reaches},
    {"ctypes.*", imports},
    {"dataclasses.make_dataclass", evaluates},
    {"dbm.*", loads},
    {"dill.*", loads},
    {"distutils.*", imports},
    {"doctest.*", evaluates},
    {"ensurepip.*", imports},
    {"faulthandler.*", acts},
    {"fcntl.*", acts},
    {"fileinput.*", acts},
    {"ftplib.*", acts},
    {"functools.partialmethod", reaches},
    {"functools.reduce", reaches},
    {"functools.singledispatch", reaches},
    {"http.*", acts},
    {"imp.*", imports},
    {"importlib.*", imports},
    {"inspect.*", imports},
    {"io.*", acts},
    {"joblib.*", loads},
    {"jsonpickle.*", loads},
    {"keras.models.load_model", loads},
    {"keras.saving.*", loads},
    {"keras.src.saving.*", loads},
    {"lib2to3.*", evaluates},
    {"libskops.*", loads},
    {"logging.config.*", evaluates},
    {"marshal.*", loads},
    {"mlflow.*", loads},
    {"mmap.*", acts},
    {"multiprocessing.*", acts},
    {"nt.*", acts},
    {"ntpath.*", acts},
    {"numexpr.*", evaluates},
    {"numpy.DataSource", loads},
    {"numpy._core._multiarray_umath.fromfile", loads},
    {"numpy._core.memmap.*", loads},
    {"numpy._core.multiarray.fromfile", loads},
    {"numpy.core._multiarray_umath.fromfile", loads},
    {"numpy.core.memmap.*", loads},
    {"numpy.core.multiarray._reconstruct", loads},
    {"numpy.core.multiarray.fromfile", loads},
    {"numpy.core.records.fromfile", loads},
    {"numpy.ctypeslib.*", imports},
    {"numpy.distutils.*", imports},
    {"numpy.f2py.*", imports},
    {"numpy.fromfile", loads},
    {"numpy.fromregex", loads},
    {"numpy.genfromtxt", loads},
    {"numpy.lib._datasource.*", loads},
    {"numpy.lib._format_impl.*", loads},
    {"numpy.lib._npyio_impl.*", loads},
    {"numpy.lib.format.*", loads},
    {"numpy.lib.npyio.*", loads},
    {"numpy.linalg.tests.*", evaluates},
    {"numpy.load", loads},
    {"numpy.loads", loads},
    {"numpy.loadtxt", loads},
    {"numpy.memmap", loads},
    {"numpy.save", loads},
    {"numpy.savetxt", loads},
    {"numpy.savez", loads},
    {"numpy.savez_compressed", loads},
    {"numpy.testing.*", evaluates},
    {"onnxruntime.InferenceSession", loads},
    {"os.*", acts},
    {"pandas.ExcelFile", loads},
    {"pandas.HDFStore", loads},
    {"pandas.compat.pickle_compat.*", loads},
    {"pandas.core.computation.*", evaluates},
    {"pandas.eval", evaluates},
    {"pandas.io.*", loads},
    {"pandas.read_csv", loads},
    {"pandas.read_excel", loads},
    {"pandas.read_feather", loads},
    {"pandas.read_hdf", loads},
    {"pandas.read_html", loads},
    {"pandas.read_json", loads},
    {"pandas.read_parquet", loads},
    {"pandas.read_pickle", loads},
    {"pandas.read_sql", loads},
    {"pandas.read_table", loads},
    {"pandas.read_xml", loads},
    {"pdb.*", evaluates},
    {"pickle.*", loads},
    {"pickletools.*", loads},
    {"pip.*", imports},
    {"pkg_resources.*", imports},
    {"pkgutil.*", imports},
    {"platform.*", acts},
    {"popen2.*", acts},
    {"posix.*", acts},
    {"posixpath.*", acts},
    {"profile.*", evaluates},
    {"pty.*", acts},
    {"pydoc.*", imports},
    {"resource.*", acts},
    {"ruamel.*", loads},
    {"runpy.*", imports},
    {"scipy.datasets.*", loads},
    {"scipy.io.*", loads},
    {"scipy.sparse._matrix_io.*", loads},
    {"scipy.sparse.load_npz", loads},
    {"setuptools.*", imports},
    {"shelve.*", loads},
    {"shutil.*", acts},
    {"signal.*", acts},
    {"site.*", imports},
    {"sklearn.datasets.*", loads},
    {"sklearn.externals.*", loads},
    {"skops.io.*", loads},
    {"smtplib.*", acts},
    {"socket.*", acts},
    {"socketserver.*", acts},
    {"subprocess.*", acts},
    {"sympy.core.sympify.*", evaluates},
    {"sympy.parsing.*", evaluates},
    {"sympy.sympify", evaluates},
    {"sys.*", imports},
    {"tarfile.*", loads},
    {"telnetlib.*", acts},
    {"tempfile.*", acts},
    {"tensorflow.keras.models.load_model", loads},
    {"tensorflow.saved_model.*", loads},
    {"threading.*", acts},
    {"timeit.*", evaluates},
    {"torch.hub.*", loads},
    {"torch.jit.*", loads},
    {"torch.load", loads},
    {"torch.package.*", loads},
    {"torch.serialization.*", loads},
    {"torch.utils.cpp_extension.*", imports},
    {"trace.*", evaluates},
    {"types.CodeType", evaluates},
    {"types.FunctionType", evaluates},
    {"types.LambdaType", evaluates},
    {"types.MethodType", reaches},
    {"types.ModuleType", reaches},
    {"typing.ForwardRef", evaluates},
    {"typing.get_type_hints", evaluates},
    {"unittest.mock.*", imports},
    {"urllib.*", acts},
    {"venv.*", acts},
    {"webbrowser.*", acts},
    {"xml.*", loads},
    {"xmlrpc.*", acts},
    {"yaml.*", loads},
    {"zipfile.*", loads},
    {"zipimport.*", imports},
};
// clang-format on

static_assert(std::is_sorted(std::begin(table), std::end(table),
                             [](const Refused& a, const Refused& b) { return a.name < b.name; }));

std::string_view find(std::string_view key) {
  const auto at = std::lower_bound(std::begin(table), std::end(table), key,
                                   [](const Refused& a, std::string_view b) { return a.name < b; });
  return at != std::end(table) && at->name == key ? at->reason : std::string_view();
}

}  // namespace

std::string_view refused_reason(std::string_view name) {
  // Classes that make an array of what they are given, among modules that load files.
  for (const std::string_view harmless :
       {"libskops.io.arrays.ObjectArray", "libskops.io.arrays.StringArray",
        "libskops.io.arrays.StringDType"}) {
    if (name == harmless) return {};
  }
  if (const auto reason = find(name); !reason.empty()) return reason;
  // `os.*` refuses os.system and os.path.join, at dots. No entry is longer than this.
  char prefix[64];
  const std::size_t end = std::min(name.size(), sizeof prefix - 2);
  for (std::size_t dot = name.find('.'); dot < end; dot = name.find('.', dot + 1)) {
    name.copy(prefix, dot);
    prefix[dot] = '.';
    prefix[dot + 1] = '*';
    if (const auto reason = find({prefix, dot + 2}); !reason.empty()) return reason;
  }
  return {};
}

}  // namespace skops
