/** Calls about secrets. Only sealed ones cross: who sets one encrypts it, and who uses one decrypts it. */
import { z } from 'zod';
import { Sealed, SecretLock, SecretName } from '../domain/sealed-secret.ts';
import { call } from './call.ts';

export const secretCalls = {
  'secrets.list': call({
    does: 'names of the secrets, and how their key is made; never what they are',
    role: 'admin',
    input: z.strictObject({}),
    output: z.object({ secrets: z.array(z.object({ name: SecretName, set_at: z.iso.datetime() })), lock: SecretLock.nullable() }),
  }),
  'secrets.put': call({
    does: 'keep a secret that is sealed already',
    role: 'admin',
    /** `lock`: with the first one; null: that of the others. */
    input: z.strictObject({ name: SecretName, sealed: Sealed, lock: SecretLock.nullable().default(null) }),
    output: z.null(),
  }),
  'secrets.remove': call({ does: 'forget a secret', role: 'admin', input: z.strictObject({ name: SecretName }), output: z.null() }),
} as const;
