# `cmake --install build --prefix P`: the command in bin, headers in include, libraries in lib, the
# plugins in lib/libskops/plugins (where the installed command and libskops.so look for them), the
# CMake package in lib/cmake/libskops.
include(CMakePackageConfigHelpers)
set(SKOPS_PLUGIN_DESTINATION lib/libskops/plugins)
set(package lib/cmake/libskops)

foreach(pair skops=skops core=skops_core pins=skops_pins abi=skops_abi sdk=skops_sdk c=skops_c
             manifest=skops_manifest)
  string(REPLACE "=" ";" pair ${pair})
  list(GET pair 0 name)
  list(GET pair 1 target)
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  install(TARGETS ${target} EXPORT libskopsTargets
    ARCHIVE DESTINATION lib COMPONENT libskops
    LIBRARY DESTINATION lib COMPONENT libskops
    RUNTIME DESTINATION lib/libskops COMPONENT libskops)
endforeach()
install(EXPORT libskopsTargets NAMESPACE libskops:: DESTINATION ${package} COMPONENT libskops)
install(TARGETS libskops RUNTIME DESTINATION bin COMPONENT libskops)

install(DIRECTORY core/include/skops sdk/include/skops DESTINATION include COMPONENT libskops
  FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
get_property(plugins GLOBAL PROPERTY SKOPS_PLUGINS)
foreach(plugin IN LISTS plugins)
  install(FILES ${PROJECT_BINARY_DIR}/plugins/${plugin}.skops-plugin.json
    DESTINATION ${SKOPS_PLUGIN_DESTINATION} COMPONENT libskops)
  if(TARGET skops_plugin_${plugin})
    install(FILES $<TARGET_FILE:skops_plugin_${plugin}>
      DESTINATION ${SKOPS_PLUGIN_DESTINATION} COMPONENT libskops)
  endif()
endforeach()

configure_package_config_file(cmake/libskopsConfig.cmake.in
  ${PROJECT_BINARY_DIR}/generated/libskopsConfig.cmake
  INSTALL_DESTINATION ${package} PATH_VARS SKOPS_PLUGIN_DESTINATION)
# Before 1.0 a minor version may change what hosts and plugins see.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/generated/libskopsConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
    ${PROJECT_BINARY_DIR}/generated/libskopsConfig.cmake
    ${PROJECT_BINARY_DIR}/generated/libskopsConfigVersion.cmake
    cmake/dependencies.cmake cmake/skops_deploy_plugins.cmake
    sdk/cmake/skops_add_plugin.cmake sdk/cmake/plugin.map
  DESTINATION ${package} COMPONENT libskops)
install(FILES LICENSE README.md CHANGELOG.md docs/policy.schema.json
  DESTINATION share/doc/libskops COMPONENT libskops)

# pkg-config: the static libraries that were found by their files' names, shared ones by -l.
set(libskops_PC_LIBRARIES "")
foreach(name iostreams sha256 deflate zlib bzip2 lzma)
  get_filename_component(file ${LIBSKOPS_LIBRARY_${name}} NAME)
  if(file MATCHES "\\.a$")
    string(APPEND libskops_PC_LIBRARIES "-l:${file} ")
  else()
    string(REGEX REPLACE "^lib(.+)\\.so.*$" "-l\\1 " flag ${file})
    string(APPEND libskops_PC_LIBRARIES ${flag})
  endif()
endforeach()
string(STRIP "${libskops_PC_LIBRARIES}" libskops_PC_LIBRARIES)
foreach(module libskops libskops-c)
  configure_file(cmake/${module}.pc.in ${PROJECT_BINARY_DIR}/generated/${module}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/generated/${module}.pc DESTINATION lib/pkgconfig COMPONENT libskops)
endforeach()

# Uninstalling, by a list of files relative to the prefix. Written last: after everything else.
install(FILES cmake/uninstall.cmake DESTINATION ${package} COMPONENT libskops)
install(CODE [[
  set(files "")
  foreach(file IN LISTS CMAKE_INSTALL_MANIFEST_FILES)
    file(RELATIVE_PATH file "${CMAKE_INSTALL_PREFIX}" "${file}")
    string(APPEND files "${file}\n")
  endforeach()
  set(list "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/lib/cmake/libskops/installed.txt")
  file(WRITE "${list}" "${files}lib/cmake/libskops/installed.txt\n")
  list(APPEND CMAKE_INSTALL_MANIFEST_FILES "${CMAKE_INSTALL_PREFIX}/lib/cmake/libskops/installed.txt")
]] COMPONENT libskops)
add_custom_target(uninstall
  COMMAND ${CMAKE_COMMAND} -DTREE=${PROJECT_BINARY_DIR} -P ${PROJECT_SOURCE_DIR}/cmake/uninstall.cmake
  COMMENT "Taking away what was installed")
