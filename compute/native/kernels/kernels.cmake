# Kernel files by op: lathe_kernels(<isa> <files...>).

lathe_kernels(ref kernels/dequant/dequant.cc kernels/dequant/dequant-ref.cc)
lathe_kernels(avx2 kernels/dequant/dequant-avx2.cc)
lathe_kernels(avx512 kernels/dequant/dequant-avx512.cc)
lathe_kernels(ref kernels/gemm/gemm.cc kernels/gemm/macro-kernel.cc kernels/gemm/gemm-ref.cc kernels/gemm/gemv.cc kernels/gemm/gemv-ref.cc)
lathe_kernels(avx2 kernels/gemm/gemm-avx2.cc kernels/gemm/gemv-avx2.cc)
lathe_kernels(avx512 kernels/gemm/gemm-avx512.cc kernels/gemm/gemv-avx512.cc)
lathe_kernels(avx512bf16 kernels/gemm/gemm-avx512bf16.cc)
lathe_kernels(neon kernels/gemm/gemm-neon.cc kernels/gemm/gemv-neon.cc)

lathe_kernels(ref kernels/attention/attention.cc kernels/attention/attention-ref.cc)
lathe_kernels(ref kernels/rope/rope.cc kernels/rope/rope-ref.cc)
lathe_kernels(ref kernels/cross-entropy/cross-entropy.cc kernels/cross-entropy/cross-entropy-ref.cc)

lathe_kernels(ref kernels/rmsnorm/rmsnorm.cc kernels/rmsnorm/rmsnorm-ref.cc)
lathe_kernels(ref kernels/glu/glu.cc kernels/glu/glu-ref.cc)
lathe_kernels(ref kernels/adamw/adamw.cc kernels/adamw/adamw-ref.cc)
lathe_kernels(ref kernels/elementwise/elementwise.cc kernels/elementwise/elementwise-ref.cc)
lathe_kernels(ref kernels/random/random.cc kernels/random/random-ref.cc)
lathe_kernels(ref kernels/embedding/embedding.cc)

lathe_kernels(avx2 kernels/attention/attention-avx2.cc)
lathe_kernels(avx512 kernels/attention/attention-avx512.cc)
lathe_kernels(neon kernels/attention/attention-neon.cc)
lathe_kernels(avx2 kernels/rope/rope-avx2.cc kernels/cross-entropy/cross-entropy-avx2.cc)
lathe_kernels(avx512 kernels/rope/rope-avx512.cc kernels/cross-entropy/cross-entropy-avx512.cc)
lathe_kernels(neon kernels/rope/rope-neon.cc kernels/cross-entropy/cross-entropy-neon.cc)
