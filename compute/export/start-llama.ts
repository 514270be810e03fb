/** llama.cpp in this process: a prebuilt library for the CPU; nothing is downloaded or compiled. */
import { getLlama, LlamaLogLevel, type Llama } from 'node-llama-cpp';

export const startLlama = (): Promise<Llama> => getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, progressLogs: false });
