# Kernel files by op: lathe_kernels(<isa> <files...>).
