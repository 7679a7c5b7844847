import { once } from 'node:events';
import http from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { PredictResponse, Problem } from '../../../src/http/api.js';
import { InferenceHost } from '../../../src/serving/inference/inference-host.js';
import type { PackageRef } from '../../../src/serving/inference/protocol.js';
import { contentDigest } from '../../../zoo/index.js';
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
  let root: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    root = await temporaryFolder();
  });
  afterAll(() => root.remove());

  const openHost = (): InferenceHost => {
    const host = new InferenceHost({ threads: 1, modelsInMemory: 1 });
    onTestFinished(() => host.close());
    return host;
  };
  const packageIn = async (name: string, seed = 1): Promise<PackageRef> => {
    const folder = join(root.path, name);
    return { folder, digest: contentDigest(await makePackage(folder, { seed })) };
  };
  const rowOf = async (host: InferenceHost, from: PackageRef): Promise<number[]> => {
    const [answer] = await host.predict(from, [picture]);
    return answer?.kind === 'predicted' ? [...answer.row] : [];
  };

  it('is started anew when it dies, and what was under way is asked again', async () => {
    const host = openHost();
    const model = await packageIn('one');
    await host.warm(model);
    const first = host.processId;
    const answers = host.predict(model, Array(6).fill(picture));
    process.kill(first ?? 0, 'SIGKILL');
    expect((await answers).map(({ kind }) => kind)).toEqual(Array(6).fill('predicted'));
    expect(host.processId).not.toBe(first);
    await host.close();
    await expect(host.predict(model, [picture])).rejects.toMatchObject({ code: 'stopping' });
  });

  it('swaps models under load without losing an answer, with room for one model only', async () => {
    const host = openHost();
    const models = [await packageIn('old', 0), await packageIn('new', 1)] as const;
    const rows = [await rowOf(host, models[0]), await rowOf(host, models[1])] as const;
    expect(rows[0]).not.toEqual(rows[1]);
    // The alias moves on every 20 requests, while the ones before are still under way.
    const asked = Array.from({ length: 120 }, (_, i) => (Math.floor(i / 20) % 2) as 0 | 1);
    const answers = await Promise.all(asked.map((which) => rowOf(host, models[which])));
    answers.forEach((row, i) => {
      const wanted = rows[asked[i] ?? 0];
      expect(row).toHaveLength(wanted.length);
      row.forEach((share, c) => expect(Math.abs(share - (wanted[c] ?? 0))).toBeLessThan(1e-4));
    });
  });

  it('knows a package by its content: a folder that was written anew holds another', async () => {
    const host = openHost();
    const before = await packageIn('again', 3);
    const old = await rowOf(host, before);
    const after = await packageIn('again', 4);
    expect(await rowOf(host, before)).toEqual(old); // it is in memory still
    expect(await rowOf(host, after)).not.toEqual(old);
    await expect(host.predict(before, [picture])).rejects.toMatchObject({ code: 'model-unusable' });
  });

  it('says what is wrong with a package, and serves the others', async () => {
    const host = openHost();
    const good = await packageIn('good');
    await expect(
      host.predict({ ...good, folder: join(root.path, 'none'), digest: 'none' }, [picture]),
    ).rejects.toMatchObject({ code: 'model-unusable', status: 409 });
    expect((await host.predict(good, [picture]))[0]?.kind).toBe('predicted');
  });
});
