# cmake -DTABLE=refused_names.tsv -DOUT=refused_names.inc -P rows.cmake
#
# The rows of a table, a name and what is said of it with a tab between, as rows of a C++ array. The
# compiler holds that they are sorted.
file(STRINGS ${TABLE} rows)
set(text "")
foreach(row IN LISTS rows)
  if(NOT row MATCHES "^([A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*(\\.\\*)?)\t([A-Za-z0-9 ,.:()'_-]+)$")
    message(FATAL_ERROR "${TABLE}: no row of a name and a text: ${row}")
  endif()
  string(APPEND text "{\"${CMAKE_MATCH_1}\", \"${CMAKE_MATCH_4}\"},\n")
endforeach()
file(WRITE ${OUT} "${text}")
