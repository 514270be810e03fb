/** Whether a model is the one that comes with Lathe: by its path, or by the name that the core knows it by, which is its file's. */
import { fileName } from '../runs/run-title.ts';

export const isDemoModel = (model: string, demo: string | undefined): boolean =>
  demo !== undefined && (model === demo || model === fileName(demo).replace(/\.[^.]*$/, ''));
