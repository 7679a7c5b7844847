import { timingSafeEqual } from 'node:crypto';
import type { Env } from '../config/env.js';
import { GraftError } from '../runs/errors.js';
import type { KeyRing } from './door.js';
import { hashOf } from './key.js';
import { keysDemanded } from './keys-demanded.js';

const same = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(a), 'hex'), Buffer.from(hashOf(b), 'hex'));

/**
 * The one key of the server of one package, which has no database to keep more; null on loopback, where none is demanded.
 * @throws GraftError when one is demanded and GRAFT_KEY has none
 */
export function ringOf(env: Env): KeyRing | null {
  if (!keysDemanded(env)) return null;
  const { key } = env;
  if (key === null || key.length < 16)
    throw new GraftError({
      code: 'no-keys',
      message: `Others than this machine could reach the server (${env.host}), and GRAFT_KEY names no key of 16 characters or more.`,
      fix: 'Set GRAFT_KEY to a long random text, such as the output of `openssl rand -base64 32`. Or listen on 127.0.0.1.',
    });
  return {
    identify: (given) =>
      Promise.resolve(same(given, key) ? { name: 'GRAFT_KEY', scopes: ['predict', 'read'] } : null),
  };
}
