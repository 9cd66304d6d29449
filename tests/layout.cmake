# Fails when a file is not laid out as .clang-format says. -DROOT=<checkout> -DSCRATCH=<folder for a badly laid out file>
cmake_minimum_required(VERSION 3.22)

# Releases of clang-format differ in details; 14 decides.
find_program(formatter NAMES clang-format-14 clang-format NO_CACHE)
if(formatter)
    execute_process(COMMAND ${formatter} --version OUTPUT_VARIABLE version)
endif()
if(NOT version MATCHES "version 14\\.")
    message("The layout was not checked: clang-format 14 is not installed.")
    return()
endif()

file(GLOB_RECURSE files "${ROOT}/core/*.h" "${ROOT}/core/*.cpp" "${ROOT}/ui/*.h" "${ROOT}/ui/*.cpp" "${ROOT}/app/*.h"
    "${ROOT}/app/*.cpp" "${ROOT}/tests/*.h" "${ROOT}/tests/*.cpp")
list(LENGTH files count)
if(count LESS 20)
    message(FATAL_ERROR "Only ${count} files were found in ${ROOT}, which cannot be the program.")
endif()

# The proof that the check can fail.
file(COPY "${ROOT}/.clang-format" DESTINATION "${SCRATCH}")
file(WRITE "${SCRATCH}/bad.cpp" "int   f( ){return 1 ;}\n")
execute_process(COMMAND ${formatter} --dry-run -Werror "${SCRATCH}/bad.cpp" RESULT_VARIABLE result ERROR_QUIET)
if(result EQUAL 0)
    message(FATAL_ERROR "The check of the layout is broken: it accepts a badly laid out file.")
endif()

execute_process(COMMAND ${formatter} --dry-run -Werror ${files} RESULT_VARIABLE result ERROR_VARIABLE output)
if(NOT result EQUAL 0)
    string(REGEX MATCHALL "[^\n]+: error:" lines "${output}")
    list(REMOVE_DUPLICATES lines)
    string(REPLACE ";" "\n" lines "${lines}")
    message(FATAL_ERROR "Run clang-format -i on the files of these lines:\n${lines}")
endif()
message("${count} files are laid out as .clang-format says.")
