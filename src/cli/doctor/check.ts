import type { Env } from '../../config/env.js';

/** What a check found. */
export interface Finding {
  /** `error`: Graft can't work. `warning`: something optional is missing or could be better. */
  status: 'ok' | 'warning' | 'error';
  detail: string;
  /** What to do about it. */
  fix: string | null;
}

/** One thing that the doctor looks at. A check may find several things of its kind. */
export interface Check {
  id: string;
  title: string;
  /** What it means when the check itself breaks. */
  onFailure: { status: 'warning' | 'error'; fix: string };
  run(env: Env): Promise<Finding | Finding[]>;
}

export interface Diagnosis extends Finding {
  id: string;
  title: string;
}

export const ok = (detail: string): Finding => ({ status: 'ok', detail, fix: null });
export const warning = (detail: string, fix: string): Finding => ({ status: 'warning', detail, fix });
export const error = (detail: string, fix: string): Finding => ({ status: 'error', detail, fix });

const REINSTALL = 'Run `npm ci` in the project folder.';
export const essential = { status: 'error', fix: REINSTALL } as const;

/** Runs one check; one that throws is a finding too. */
export async function runCheck(check: Check, env: Env): Promise<Diagnosis[]> {
  const label = { id: check.id, title: check.title };
  try {
    const found = await check.run(env);
    return (Array.isArray(found) ? found : [found]).map((finding) => ({ ...label, ...finding }));
  } catch (cause) {
    const detail = cause instanceof Error ? (cause.message.split('\n')[0] ?? cause.name) : String(cause);
    return [{ ...label, ...check.onFailure, detail }];
  }
}
