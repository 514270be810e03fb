/** Failures of the native engine and of fitting work into this machine. */
import type { ErrorRow } from './error-row.ts';

export const engineCodes = {
  INTERNAL: { exit: 'bug', http: 500, retry: 'never', message: 'Internal error: {message}', remedy: 'This is a bug; please report it with the log at {log}.' },
  ADDON_MISSING: { exit: 'usage', http: 503, retry: 'change', message: 'The native engine is not built ({reason})', remedy: 'Install cmake and a C++17 compiler, then run `npm run build:native`.' },
  ADDON_UNUSABLE: { exit: 'bug', http: 503, retry: 'change', message: 'The native engine died while it was tried out, even with its plainest kernels ({isa}; {reason})', remedy: 'Build it again with `npm run build:native`; if that does not help, please report it with what `lathe doctor` shows.' },
  ISA_UNKNOWN: { exit: 'usage', http: 422, retry: 'change', message: 'LATHE_ISA={isa} is not an instruction set', remedy: 'Use one of: {known}.' },
  INT8_UNSUPPORTED: { exit: 'usage', http: 422, retry: 'change', message: 'precision: int8 needs a CPU with {needs}; this one, under {isa}, has neither', remedy: 'Use precision: auto.' },
  INT8_WITHOUT_ADAPTER: { exit: 'usage', http: 422, retry: 'change', message: 'precision: int8 multiplies frozen weights, and mode: full has none', remedy: 'Use mode: lora, or precision: auto.' },
  COMPUTE_PROCESS_DIED: { exit: 'bug', http: 503, retry: 'resume', message: 'The compute process ended without a word ({reason}); the log is {log}', remedy: '{remedy}' },
  COMPUTE_OUT_OF_MEMORY: { exit: 'fit', http: 507, retry: 'resume', message: 'Memory ran out, and the system ended the compute process {where}', remedy: 'Close other programs and go on with `{again}`; `lathe plan` shows what a smaller batch_size or max_seq_length would take.' },
  COMPUTE_KILLED: { exit: 'cancelled', http: 503, retry: 'resume', message: 'The compute process was ended from outside ({signal}) {where}', remedy: 'Go on with `{again}`.' },
  COMPUTE_ILLEGAL_INSTRUCTION: { exit: 'bug', http: 503, retry: 'change', message: 'The processor refused an instruction of the {isa} kernels {where}; the log is {log}', remedy: 'Set LATHE_ISA to a plainer instruction set (`lathe doctor` lists them), and please report it with that log.' },
  COMPUTE_SILENT: { exit: 'bug', http: 503, retry: 'resume', message: 'The compute process gave no sign of life for {seconds} s {where} and was ended; the log is {log}', remedy: 'Go on with `{again}`; if it hangs again there, please report it with that log.' },
  PROTOCOL_MISMATCH: { exit: 'bug', http: 500, retry: 'never', message: 'The compute process and the command line do not understand each other ({problem}); the log is {log}', remedy: 'Install Lathe again; if that does not help, please report it with the log.' },
  KERNEL_MISUSE: { exit: 'bug', http: 500, retry: 'never', message: 'Kernel {op} was called wrongly: {problem}', remedy: 'This is a bug; please report it with the run log.' },
  ARENA_FULL: { exit: 'fit', http: 507, retry: 'change', message: 'Out of memory for {what}: needs {needBytes}, the limit is {limitBytes}', remedy: 'Lower batch_size or max_seq_length, or raise memory_pool_size; `lathe plan` shows what fits.' },
  RUN_DOES_NOT_FIT: { exit: 'fit', http: 507, retry: 'change', message: 'The run needs {needBytes} of memory, {haveBytes} are free', remedy: '{fits}' },
  DISK_FULL: { exit: 'fit', http: 507, retry: 'resume', message: 'No space left on the disk while writing {path}', remedy: 'Free at least {needBytes} and resume; nothing that was saved before is lost.' },
} as const satisfies Record<string, ErrorRow>;
