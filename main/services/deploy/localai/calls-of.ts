/** The calls that an act makes, for a plan: those that change something or cost something, and the looks around them. */
import type { TargetDriver } from '../target-driver.ts';

const calls: Readonly<Record<Parameters<TargetDriver['callsOf']>[0], readonly string[]>> = {
  check: [
    'GET /readyz',
    'GET /api/auth/status',
    'GET /version',
    'GET /api/features',
    'GET /models/jobs',
    'GET /api/aliases',
    'GET /system',
    'GET /api/resources',
  ],
  install: ['GET /v1/models', 'GET /api/models/edit/{base}', 'POST /models/apply', 'GET /models/jobs/{job}', 'GET /api/models/edit/{model}'],
  load: ['PUT /models/toggle-pinned/{model}/pin', 'POST /backend/load', 'GET /system'],
  unload: ['PUT /models/toggle-pinned/{model}/unpin', 'POST /backend/shutdown', 'GET /system'],
  remove: ['GET /api/aliases', 'POST /backend/shutdown', 'POST /models/delete/{model}', 'GET /models/jobs/{job}', 'GET /v1/models'],
  alias: ['GET /api/aliases', 'PATCH /api/models/config-json/{alias}', 'GET /api/aliases'],
  chat: ['POST /v1/chat/completions'],
  score: ['POST /api/score'],
};

export const callsOf: TargetDriver['callsOf'] = (act) => calls[act];
