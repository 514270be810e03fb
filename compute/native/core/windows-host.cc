// Windows only: the import library names node.exe, but the program that loaded the addon may be Electron's; its own functions are meant.
#if defined(_MSC_VER)
#include <windows.h>

#include <delayimp.h>
#include <string.h>

namespace {

FARPROC WINAPI loadHost(unsigned event, DelayLoadInfo* info) {
  if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0) return nullptr;
  return reinterpret_cast<FARPROC>(GetModuleHandleW(nullptr));
}

}  // namespace

decltype(__pfnDliNotifyHook2) __pfnDliNotifyHook2 = loadHost;
#endif
