/** Whether a file is to be read as GGUF: by its first bytes, or by its name, so that a damaged one is told of as what it was to be. */
import { PositionedFile } from '../positioned-file.ts';
import { ggufMagic } from './gguf-reader.ts';

export function isGgufFile(path: string, what: string): boolean {
  if (path.toLowerCase().endsWith('.gguf')) return true;
  using file = new PositionedFile(path, what);
  const start = file.read(0, 4);
  return start.length === 4 && start.readUInt32LE() === ggufMagic;
}
