import { afterEach, describe, expect, it, vi } from 'vitest';
import { newKey } from '../../../../src/access/key.js';
import { SafeLogger } from '../../../../src/access/safe-logger.js';

describe.each([{ json: true }, { json: false }])('the log of the service (%j)', ({ json }) => {
  afterEach(() => vi.restoreAllMocks());

  function written(log: (logger: SafeLogger) => void): string {
    const parts: string[] = [];
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((text) => Boolean(parts.push(String(text))));
    log(new SafeLogger({ json, colors: false }));
    return parts.join('');
  }

  it('cuts keys short, wherever they stand', () => {
    const key = newKey();
    const text = written((logger) => {
      logger.log(`a text with ${key}`);
      logger.log({ path: `/api/keys/${key}`, deep: { list: [key] } });
      logger.error(new Error(`failed with ${key}`));
      logger.error('failed', new Error(`with ${key}`).stack, `context ${key}`);
    });
    expect(text).not.toContain(key);
    expect(text.split(`${key.slice(0, 12)}…`).length).toBeGreaterThan(4);
  });

  it('takes errors without a stack', () => {
    expect(written((logger) => logger.error('failed'))).toContain('failed');
    expect(written((logger) => logger.error({ error: null }))).toContain('error');
  });
});
