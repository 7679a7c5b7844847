import { once } from 'node:events';
import http from 'node:http';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PredictResponse, Problem } from '../../../src/http/api.js';
import { InferenceHost } from '../../../src/serving/inference/inference-host.js';
import { makePackage } from '../../support/small-package.js';
import { texturedPicture } from '../../support/odd-pictures.js';
import { predicted } from '../../support/predicted.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { formOf, postBytes, servePackage } from './package-lab.js';

let picture: Buffer;
beforeAll(async () => {
  picture = await texturedPicture(7, { hue: 120 });
});

/** A request whose body has not come yet: it holds its place in the queue for as long as the test likes. */
function slowRequest(url: string, bytes: number): http.ClientRequest {
  const headers = { 'content-type': 'image/png', 'content-length': bytes };
  const request = http.request(url, { method: 'POST', headers });
  request.flushHeaders();
  return request;
}

describe('a full queue', () => {
  it('answers 429 with when to come back, before reading the body, and recovers', async () => {
    const served = await servePackage({}, { GRAFT_PREDICT_QUEUE: '2' });
    const held = [slowRequest(served.predict, picture.length), slowRequest(served.predict, picture.length)];
    const refused = async (): Promise<Response> => {
      for (;;) {
        const response = await postBytes(served.predict, picture);
        if (response.status === 429) return response;
        await response.arrayBuffer(); // the slow ones were not there yet
      }
    };
    const response = await refused();
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(((await response.json()) as Problem).code).toBe('busy');
    const answers = held.map((request) => once(request, 'response') as Promise<[http.IncomingMessage]>);
    for (const request of held) request.end(picture);
    for (const answer of answers) {
      const [message] = await answer;
      expect(message.statusCode).toBe(200);
      message.resume();
    }
    expect((await postBytes(served.predict, picture)).status).toBe(200);
  });

  it('gives the place of a sender who went away to the next', async () => {
    const served = await servePackage({}, { GRAFT_PREDICT_QUEUE: '1' });
    const gone = slowRequest(served.predict, picture.length);
    gone.on('error', () => undefined);
    await expect.poll(async () => (await postBytes(served.predict, picture)).status).toBe(429);
    gone.destroy();
    await expect.poll(async () => (await postBytes(served.predict, picture)).status).toBe(200);
  });

  it('takes a request of many pictures when nobody else is there', async () => {
    const served = await servePackage({}, { GRAFT_PREDICT_QUEUE: '2' });
    const files = Object.fromEntries([1, 2, 3, 4].map((i) => [`${i}.png`, picture]));
    const response = await fetch(served.predict, { method: 'POST', body: formOf(files) });
    expect(predicted((await response.json()) as PredictResponse)).toHaveLength(4);
  });
});

describe('the process that computes', () => {
  it('is started anew when it dies, and what was under way is asked again', async () => {
    const root = await temporaryFolder();
    await makePackage(root.path + '/package');
    const host = new InferenceHost({ threads: 1, modelsInMemory: 1 });
    await host.warm(root.path + '/package');
    const first = host.processId;
    const answers = host.predict(root.path + '/package', Array(6).fill(picture));
    process.kill(first ?? 0, 'SIGKILL');
    expect((await answers).map(({ kind }) => kind)).toEqual(Array(6).fill('predicted'));
    expect(host.processId).not.toBe(first);
    await host.close();
    await expect(host.predict(root.path + '/package', [picture])).rejects.toMatchObject({ code: 'stopping' });
    await root.remove();
  });

  it('swaps models under load without losing an answer, with room for one model only', async () => {
    const root = await temporaryFolder();
    const folders = ['old', 'new'].map((name) => join(root.path, name));
    await Promise.all(folders.map((folder, seed) => makePackage(folder, { seed })));
    const host = new InferenceHost({ threads: 1, modelsInMemory: 1 });
    const rowOf = async (folder: string): Promise<number[]> => {
      const [answer] = await host.predict(folder, [picture]);
      return answer?.kind === 'predicted' ? [...answer.row] : [];
    };
    const [first, second] = [await rowOf(folders[0] ?? ''), await rowOf(folders[1] ?? '')];
    expect(first).not.toEqual(second);
    // The alias moves on every 20 requests, while the ones before are still under way.
    const asked = Array.from({ length: 120 }, (_, i) => Math.floor(i / 20) % 2);
    const rows = await Promise.all(asked.map((which) => rowOf(folders[which] ?? '')));
    rows.forEach((row, i) => {
      const wanted = asked[i] === 0 ? first : second;
      expect(row).toHaveLength(wanted.length);
      row.forEach((share, c) => expect(Math.abs(share - (wanted[c] ?? 0))).toBeLessThan(1e-4));
    });
    await host.close();
    await root.remove();
  });

  it('says what is wrong with a package, and serves the others', async () => {
    const root = await temporaryFolder();
    await makePackage(root.path + '/good');
    const host = new InferenceHost({ threads: 1, modelsInMemory: 1 });
    await expect(host.predict(root.path + '/none', [picture])).rejects.toMatchObject({
      code: 'model-unusable',
      status: 409,
    });
    expect((await host.predict(root.path + '/good', [picture]))[0]?.kind).toBe('predicted');
    await host.close();
    await root.remove();
  });
});
