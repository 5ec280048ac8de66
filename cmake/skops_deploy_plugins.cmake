# skops_deploy_plugins(TARGET) copies the plugins that this libskops was built with into `plugins/`
# beside the program TARGET, which is where a default-constructed skops::Host looks for them. A host
# that keeps them elsewhere names the folder in Host::Options::plugin_directories.
function(skops_deploy_plugins target)
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E copy_directory ${libskops_PLUGIN_DIR}
            $<TARGET_FILE_DIR:${target}>/plugins
    VERBATIM)
endfunction()
