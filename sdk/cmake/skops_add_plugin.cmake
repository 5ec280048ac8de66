# skops_add_plugin(ID SOURCES … [DECLARATIONS declarations.json] [VERSION 0.1.0] [LIBRARIES …])
#
# Builds the plugin `ID` as plugins/libskops_ID.so of the project's build folder and, after linking,
# its manifest ID.skops-plugin.json beside it, from what the binary itself registers. Without SOURCES,
# the plugin is a manifest alone. The declarations (loaders and types, JSON) are compiled into the
# binary. VERSION is the project's unless given. Targets: plugin_ID (all of it) and, with SOURCES,
# skops_plugin_ID (the library).
function(skops_add_plugin id)
  cmake_parse_arguments(arg "" "DECLARATIONS;VERSION" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT arg_VERSION)
    set(arg_VERSION ${PROJECT_VERSION})
  endif()
  if(NOT arg_VERSION)
    message(FATAL_ERROR "skops_add_plugin(${id}): give VERSION, or project(… VERSION …)")
  endif()
  if(NOT arg_DECLARATIONS)
    set(arg_DECLARATIONS declarations.json)
  endif()
  get_filename_component(arg_DECLARATIONS ${arg_DECLARATIONS} ABSOLUTE)
  set(directory ${PROJECT_BINARY_DIR}/plugins)
  set(manifest ${directory}/${id}.skops-plugin.json)
  if(NOT arg_SOURCES)
    add_custom_command(OUTPUT ${manifest}
      COMMAND libskops::manifest --only ${id} ${arg_VERSION} ${arg_DECLARATIONS} ${manifest}
      DEPENDS libskops::manifest ${arg_DECLARATIONS} VERBATIM)
    add_custom_target(plugin_${id} ALL DEPENDS ${manifest})
    set_property(GLOBAL APPEND PROPERTY SKOPS_PLUGINS ${id})
    return()
  endif()
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/generated/skops_declarations.hpp)
  add_custom_command(OUTPUT ${generated}
    COMMAND libskops::manifest --embed ${arg_DECLARATIONS} ${generated}
    DEPENDS libskops::manifest ${arg_DECLARATIONS} VERBATIM)
  add_library(skops_plugin_${id} MODULE ${arg_SOURCES} ${generated})
  target_include_directories(skops_plugin_${id} PRIVATE
    ${CMAKE_CURRENT_BINARY_DIR}/generated ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_definitions(skops_plugin_${id} PRIVATE SKOPS_PLUGIN_VERSION="${arg_VERSION}")
  target_link_libraries(skops_plugin_${id} PRIVATE libskops::sdk ${arg_LIBRARIES})
  # One exported symbol, nothing of the libraries inside; nothing left to resolve later.
  target_link_options(skops_plugin_${id} PRIVATE
    -Wl,--exclude-libs,ALL -Wl,-z,now -Wl,-z,relro
    $<$<NOT:$<BOOL:${SKOPS_SANITIZE}>>:-Wl,-z,defs>
    -Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  set_target_properties(skops_plugin_${id} PROPERTIES
    PREFIX "" OUTPUT_NAME libskops_${id} SUFFIX .so
    LIBRARY_OUTPUT_DIRECTORY ${directory}
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    SKIP_BUILD_RPATH ON)
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_link_options(skops_plugin_${id} PRIVATE -s)
  endif()
  add_custom_command(TARGET skops_plugin_${id} POST_BUILD
    COMMAND libskops::manifest $<TARGET_FILE:skops_plugin_${id}> ${manifest}
    BYPRODUCTS ${manifest} VERBATIM)
  add_dependencies(skops_plugin_${id} libskops::manifest)
  add_custom_target(plugin_${id} DEPENDS skops_plugin_${id})
  set_property(GLOBAL APPEND PROPERTY SKOPS_PLUGINS ${id})
endfunction()
