# Finds re2c and gives re2c_scanner(<out-variable> <scanner.re> [FLAGS ...]): the generated C file, rebuilt when the scanner or a file it
# includes changes, the same bytes in every build folder.
find_program(RE2C_EXECUTABLE NAMES re2c DOC "the re2c lexer generator")
if(RE2C_EXECUTABLE)
  execute_process(COMMAND ${RE2C_EXECUTABLE} --version OUTPUT_VARIABLE _re2c_version OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(REGEX MATCH "[0-9]+(\\.[0-9]+)+" RE2C_VERSION "${_re2c_version}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Re2c REQUIRED_VARS RE2C_EXECUTABLE VERSION_VAR RE2C_VERSION)

function(re2c_scanner out_variable scanner)
  cmake_parse_arguments(ARG "" "" "FLAGS" ${ARGN})
  get_filename_component(name ${scanner} NAME_WE)
  get_filename_component(scanner_path ${scanner} ABSOLUTE)
  get_filename_component(scanner_folder ${scanner_path} DIRECTORY)
  get_filename_component(scanner_file ${scanner_path} NAME)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}.re.c) # beside a grammar of the same name
  # Run in the scanner's folder: re2c writes the path it is given into the file, and the build folder must not show.
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${RE2C_EXECUTABLE} --no-generation-date --no-version --no-debug-info ${ARG_FLAGS} -o ${generated} ${scanner_file}
    WORKING_DIRECTORY ${scanner_folder}
    DEPENDS ${scanner_path}
    COMMENT "re2c ${scanner_file}"
    VERBATIM)
  set_source_files_properties(${generated} PROPERTIES COMPILE_OPTIONS "-Wno-unused-variable;-Wno-conversion;-Wno-sign-conversion")
  set(${out_variable} ${generated} PARENT_SCOPE)
endfunction()
