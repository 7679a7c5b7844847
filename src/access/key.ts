import { createHash, randomBytes } from 'node:crypto';

const KEY = /^graft_[A-Za-z0-9_-]{43}$/;
const KEY_IN_TEXT = /(graft_[A-Za-z0-9_-]{6})[A-Za-z0-9_-]{37}/g;
const KEY_BYTES = 32;

export const newKey = (): string => `graft_${randomBytes(KEY_BYTES).toString('base64url')}`;

export const isKey = (text: string): boolean => KEY.test(text);

/** A key has 256 random bits: nobody can guess one from its hash, so a fast hash does, and every request can afford it. */
export const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** A text with its keys cut short to what lists of keys show. */
export const redactKeys = (text: string): string => text.replaceAll(KEY_IN_TEXT, '$1…');
