/** The performance page and its charts as they follow from the committed report; none before the first one is measured. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Report } from '../../bench/report/report-schema.ts';
import type { GeneratedPage } from '../generated-page.ts';
import { performanceFiles } from './performance-files.ts';

const docs = 'resources/docs';
const measured = join(import.meta.dirname, '..', '..', '..', docs, 'performance', 'measured.json');

export const performancePages: readonly GeneratedPage[] = existsSync(measured)
  ? Object.entries(performanceFiles(Report.parse(JSON.parse(readFileSync(measured, 'utf8'))))).map(([path, text]) => ({
      path: `${docs}/${path}`,
      make: () => text,
    }))
  : [];
