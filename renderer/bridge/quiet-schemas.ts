/** Schemas check without made-up functions, which our content policy refuses. Imported first: it holds for schemas that are made after it. */
import { config } from 'zod';

config({ jitless: true });
