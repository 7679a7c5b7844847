import type { Env } from '../config/env.js';

const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|::1)$/i;

/** Whether requests must bring a key: whenever somebody else than this machine could reach the service. */
export const keysDemanded = ({ host, publicHosts, requireKeys }: Env): boolean =>
  requireKeys || publicHosts.length > 0 || !LOOPBACK.test(host);
