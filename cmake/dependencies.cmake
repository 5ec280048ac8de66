# The libraries that the core links, as targets `libskops::NAME`. The build and the installed package
# share this file, so that a package made on one machine finds the libraries of the next one.
# Sets libskops_MISSING to what was not found, with the Debian package that has it.
find_package(Threads REQUIRED)
set(libskops_MISSING "")

# skops_dependency(NAME PACKAGE FILES…)
function(skops_dependency name package)
  if(TARGET libskops::${name})
    return()
  endif()
  # A build tree remembers what it found; another file is asked for anew.
  if(NOT LIBSKOPS_FILE_${name} STREQUAL "${ARGN}")
    unset(LIBSKOPS_LIBRARY_${name} CACHE)
  endif()
  set(LIBSKOPS_FILE_${name} "${ARGN}" CACHE INTERNAL "")
  find_library(LIBSKOPS_LIBRARY_${name} NAMES ${ARGN})
  mark_as_advanced(LIBSKOPS_LIBRARY_${name})
  if(NOT LIBSKOPS_LIBRARY_${name})
    set(libskops_MISSING ${libskops_MISSING} "${name} (${package})" PARENT_SCOPE)
    return()
  endif()
  add_library(libskops::${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(libskops::${name} PROPERTIES
    IMPORTED_LOCATION ${LIBSKOPS_LIBRARY_${name}})
endfunction()

skops_dependency(iostreams libboost-iostreams1.81-dev libboost_iostreams.a)
# OpenSSL reads the environment before main begins; this one reads nothing.
skops_dependency(sha256 libcrypto++-dev libcryptopp.a)
skops_dependency(deflate libdeflate-dev libdeflate.a)
# Debian's static zlib, bzip2 and lzma are not position-independent; the shared ones belong to
# every system.
skops_dependency(zlib zlib1g-dev z)
skops_dependency(bzip2 libbz2-dev bz2)
skops_dependency(lzma liblzma-dev lzma)
