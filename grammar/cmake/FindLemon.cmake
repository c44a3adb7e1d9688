# Finds the lemon parser generator and its template, and gives lemon_parser(<out-variable> <grammar.y> [FLAGS ...]). Lemon exits with 1 on
# any conflict, so a grammar conflict fails the build.
find_program(LEMON_EXECUTABLE NAMES lemon DOC "the lemon parser generator")
find_file(LEMON_TEMPLATE NAMES lempar.c
  PATHS /usr/share/lemon /usr/local/share/lemon /opt/homebrew/share/lemon /opt/homebrew/opt/lemon/share/lemon /usr/local/opt/lemon/share/lemon
  DOC "lemon's parser template")
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Lemon REQUIRED_VARS LEMON_EXECUTABLE LEMON_TEMPLATE)

function(lemon_parser out_variable grammar)
  cmake_parse_arguments(ARG "" "" "FLAGS" ${ARGN})
  get_filename_component(name ${grammar} NAME_WE)
  get_filename_component(grammar_path ${grammar} ABSOLUTE)
  set(folder ${CMAKE_CURRENT_BINARY_DIR})
  set(generated ${folder}/${name}.c)
  add_custom_command(
    OUTPUT ${generated} ${folder}/${name}.h
    BYPRODUCTS ${folder}/${name}.out
    COMMAND ${LEMON_EXECUTABLE} -l -T${LEMON_TEMPLATE} -d${folder} ${ARG_FLAGS} ${grammar_path}
    DEPENDS ${grammar_path} ${LEMON_TEMPLATE}
    COMMENT "lemon ${name}.y"
    VERBATIM)
  set_source_files_properties(${generated} PROPERTIES COMPILE_OPTIONS "-Wno-unused-parameter;-Wno-unused-variable;-Wno-conversion;-Wno-sign-conversion")
  set(${out_variable} ${generated} PARENT_SCOPE)
endfunction()
