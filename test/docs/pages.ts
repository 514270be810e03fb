/** Every generated page. Another one is a file beside this and a row here. */
import { errorPage } from './error-page.ts';
import type { GeneratedPage } from './generated-page.ts';
import { kernelPage } from './kernel-page.ts';
import { performancePages } from './performance/performance-pages.ts';

export const pages: readonly GeneratedPage[] = [errorPage, kernelPage, ...performancePages];
