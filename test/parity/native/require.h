// How a check reports, in plain C++: files with instruction-set flags may include it.
#pragma once

// Counts a check, and prints it where it does not hold.
void requireNamed(bool holds, const char* what, const char* where);
