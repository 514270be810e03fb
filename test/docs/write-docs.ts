/** `npm run docs`: writes the generated pages and says which of them changed. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pages } from './pages.ts';

const projectRoot = join(import.meta.dirname, '..', '..');

for (const page of pages) {
  const file = join(projectRoot, page.path);
  const reason = page.notHere?.();
  const text = reason === undefined ? await page.make() : undefined;
  const isSame = text === undefined || (existsSync(file) && readFileSync(file, 'utf8') === text);
  if (!isSame) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  process.stdout.write(`${page.path}: ${reason ?? (isSame ? 'unchanged' : 'written')}\n`);
}
