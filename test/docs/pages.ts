/** Every generated page. Another one is a file beside this and a row here. */
import { apiPages } from './api-page.ts';
import { callPage } from './call-page.ts';
import { errorPage } from './error-page.ts';
import type { GeneratedPage } from './generated-page.ts';
import { kernelPage } from './kernel-page.ts';
import { performancePages } from './performance/performance-pages.ts';

export const pages: readonly GeneratedPage[] = [errorPage, callPage, kernelPage, ...apiPages, ...performancePages];
