/** What a caller may do. Each role may do what those before it may. */
import { z } from 'zod';

export const roles = ['viewer', 'trainer', 'deployer', 'admin'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

export const isAllowed = (has: Role, needs: Role): boolean => roles.indexOf(has) >= roles.indexOf(needs);
