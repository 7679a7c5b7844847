import { describe, expect, it } from 'vitest';
import { ModelShelf } from '../../../../src/serving/inference/model-shelf.js';
import type { PackageRef } from '../../../../src/serving/inference/protocol.js';

const at = (folder: string): PackageRef => ({ folder, digest: folder });

/** Opens folders by hand and writes down what is opened and closed. */
function lab(cap: number) {
  const log: string[] = [];
  const failing = new Set<string>();
  const shelf = new ModelShelf(({ folder }: PackageRef) => {
    if (failing.has(folder)) return Promise.reject(new Error(`${folder} is damaged`));
    log.push(`open ${folder}`);
    const close = (): Promise<void> => {
      log.push(`close ${folder}`);
      return Promise.resolve();
    };
    return Promise.resolve({ folder, close });
  }, cap);
  const use = async (folder: string): Promise<void> => (await shelf.lease(at(folder))).release();
  return { shelf, log, failing, use };
}

describe('ModelShelf', () => {
  it('opens a model once, and closes the one unused for longest when there are too many', async () => {
    const { shelf, log, use } = lab(2);
    await Promise.all([use('a'), use('a')]);
    await use('b');
    await use('a');
    await use('c');
    expect(log).toEqual(['open a', 'open b', 'open c', 'close b']);
    expect(shelf.digests()).toEqual(['a', 'c']);
  });

  it('closes a model in use only when its last user is done', async () => {
    const { shelf, log, use } = lab(1);
    const [first, second] = await Promise.all([shelf.lease(at('a')), shelf.lease(at('a'))]);
    await use('b');
    expect(log).not.toContain('close a');
    first.release();
    expect(log).not.toContain('close a');
    second.release();
    await expect.poll(() => log).toEqual(['open a', 'open b', 'close a']);
  });

  it('opens a model again that went while it was in use', async () => {
    const { shelf, log, use } = lab(1);
    const held = await shelf.lease(at('a'));
    await use('b');
    await use('a');
    held.release();
    await shelf.close();
    expect(log.filter((line) => line === 'open a')).toHaveLength(2);
    expect(log.filter((line) => line === 'close a')).toHaveLength(2);
  });

  it('forgets a failed opening, so that a retry may succeed', async () => {
    const { shelf, failing, use } = lab(2);
    failing.add('a');
    await expect(use('a')).rejects.toThrow('a is damaged');
    failing.clear();
    await use('a');
    expect(shelf.digests()).toEqual(['a']);
  });
});
