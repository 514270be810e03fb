# What MSVC needs to link an addon: an import library of the host program's Node-API, made of the symbol list in node-api-headers (as cmake-js
# does), so that nothing is downloaded; and the options that the other compilers get in CMakeLists.txt. Not yet tried on a Windows machine.
set(NODE_LIB ${CMAKE_BINARY_DIR}/node.lib)
separate_arguments(MACHINE_FLAGS WINDOWS_COMMAND "${CMAKE_STATIC_LINKER_FLAGS}")
execute_process(
  COMMAND ${CMAKE_AR} /nologo /def:${NODE_API_INCLUDE}/../def/node_api.def /out:${NODE_LIB} ${MACHINE_FLAGS}
  RESULT_VARIABLE NODE_LIB_RESULT OUTPUT_VARIABLE NODE_LIB_OUTPUT ERROR_VARIABLE NODE_LIB_OUTPUT)
if(NOT NODE_LIB_RESULT EQUAL 0)
  message(FATAL_ERROR "node.lib cannot be made: ${NODE_LIB_RESULT} ${NODE_LIB_OUTPUT}")
endif()
# The host may be Electron, whose program has another name: it is looked for when the first function is called (core/windows-host.cc).
target_link_libraries(lathe PRIVATE ${NODE_LIB} delayimp.lib)
target_link_options(lathe PRIVATE /DELAYLOAD:NODE.EXE)
# /fp:precise fuses no multiply-add behind our back (Visual Studio 2022 or newer).
target_compile_options(lathe PRIVATE /O2 /W3 /utf-8 /EHsc /fp:precise)
