import { request } from 'node:http';
import { connect } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLANTS, PLANT_SHARES, startGallery, type Gallery, type Plant } from '../../../src/gallery/index.js';

interface Found {
  id: string;
  title: string;
  image_url: string;
  page_url: string;
  width: number;
  height: number;
  mime: string;
  creator: string;
  licence: string;
  licence_url: string;
}
interface Page {
  total: number;
  page: number;
  per_page: number;
  page_count: number;
  results: Found[];
}

const DOZEN = [
  'fruit',
  'vehicle',
  'building',
  'drink',
  'animal',
  'bird',
  'flower',
  'face',
  'food',
  'plant',
  'music',
  'weather',
];

let gallery: Gallery;

beforeAll(async () => {
  gallery = await startGallery({ seed: 1 });
});
afterAll(() => gallery.close());

async function pageOf(query: string, page: number, perPage: number, from = gallery): Promise<Page> {
  const params = new URLSearchParams({ q: query, page: String(page), per_page: String(perPage) });
  const response = await fetch(`${from.baseUrl}/api/search?${params.toString()}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Page;
}

async function allOf(query: string, perPage = 100, from = gallery): Promise<Found[]> {
  const first = await pageOf(query, 1, perPage, from);
  const found = [...first.results];
  for (let page = 2; page <= first.page_count; page++) {
    found.push(...(await pageOf(query, page, perPage, from)).results);
  }
  return found;
}

const bytesOf = async (url: string): Promise<Buffer> => Buffer.from(await (await fetch(url)).arrayBuffer());

const plantOf = (url: string): Plant | null => {
  const record = gallery.plantOf(url);
  if (!record) throw new Error(`${url} is no picture of the gallery`);
  return record.plant;
};

async function withPlant(plant: Plant): Promise<Found[]> {
  const found = (await Promise.all(DOZEN.slice(0, 4).map((query) => allOf(query)))).flat();
  const planted = found.filter(({ image_url }) => plantOf(image_url) === plant);
  expect(planted.length).toBeGreaterThan(2);
  return planted;
}

const originalOf = (copy: Found): string => {
  const original = gallery.plantOf(copy.image_url)?.copyOf;
  if (!original) throw new Error(`${copy.image_url} has no original`);
  return original;
};

describe('search', () => {
  it.each(['fruit', 'vehicle', 'building', 'drink'])(
    'finds 60 to 150 pictures of %s by several artists',
    async (query) => {
      const found = await allOf(query);
      expect(found.length).toBeGreaterThanOrEqual(60);
      expect(found.length).toBeLessThanOrEqual(150);
      expect(new Set(found.map(({ creator }) => creator)).size).toBeGreaterThanOrEqual(3);
    },
  );

  it('gives every result exactly once over all pages, whatever their size', async () => {
    const byHundred = (await allOf('building', 100)).map(({ id }) => id);
    const bySeven = (await allOf('building', 7)).map(({ id }) => id);
    expect(bySeven).toEqual(byHundred);
    expect(new Set(bySeven).size).toBe((await pageOf('building', 1, 1)).total);
  });

  it('is empty past the end and for unknown words', async () => {
    expect((await pageOf('building', 900, 20)).results).toEqual([]);
    expect(await pageOf('qwertyuiop', 1, 20)).toMatchObject({ total: 0, page_count: 0, results: [] });
  });

  it('says of each result what it is and whose', async () => {
    for (const result of await allOf('drink')) {
      expect(result.title).not.toBe('');
      expect(result.image_url).toMatch(
        new RegExp(`^${gallery.baseUrl}/images/[0-9a-f]{12}/[^/]+\\.(jpg|png|webp)$`),
      );
      expect(result.width).toBeGreaterThan(100);
      expect(result.licence).toMatch(/^(Apache-2\.0|CC-BY(-SA)?-4\.0)$/);
      expect(result.licence_url).toMatch(/^https:/);
      expect(result.creator).not.toBe('');
    }
  });

  it.each(['', '?q=', '?q=fruit&page=0', '?q=fruit&per_page=1000', '?q=%E0%A4%A&page=x'])(
    'answers %j with 400 and says why, in JSON',
    async (query) => {
      const response = await fetch(`${gallery.baseUrl}/api/search${query}`);
      expect(response.status).toBe(400);
      const { error } = (await response.json()) as { error: { message: string } };
      expect(error.message).toMatch(/q|page/);
    },
  );
});

describe('pictures', () => {
  it('are what the search says and show something', async () => {
    const sound = (await allOf('fruit')).filter(({ image_url }) => plantOf(image_url) === null);
    for (const { image_url, width, height, mime } of sound.slice(0, 25)) {
      const response = await fetch(image_url);
      expect(response.headers.get('content-type')).toBe(mime);
      const image = sharp(Buffer.from(await response.arrayBuffer()));
      expect(await image.metadata()).toMatchObject({ width, height, format: mime.slice('image/'.length) });
      const { channels, isOpaque } = await image.stats();
      expect(isOpaque).toBe(true);
      expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(10);
    }
  });

  it('are the same bytes from another gallery with the same seed', async () => {
    const twin = await startGallery({ seed: 1 });
    try {
      const [ours, theirs] = [await allOf('drink'), await allOf('drink', 100, twin)];
      for (const [index, { image_url }] of ours.slice(0, 20).entries()) {
        expect((await bytesOf(theirs[index]?.image_url ?? '')).equals(await bytesOf(image_url))).toBe(true);
      }
    } finally {
      await twin.close();
    }
  });

  it('are planted elsewhere with another seed', async () => {
    const other = await startGallery({ seed: 2 });
    const plants = async (from: Gallery) =>
      (await allOf('fruit', 100, from)).map(
        ({ title, image_url }) => `${title} ${from.plantOf(image_url)?.plant}`,
      );
    try {
      expect(await plants(other)).not.toEqual(await plants(gallery));
    } finally {
      await other.close();
    }
  });
});

describe('plants', () => {
  it('have their stated shares over a dozen words', async () => {
    const found = (await Promise.all(DOZEN.map((query) => allOf(query)))).flat();
    const unique = [...new Set(found.map(({ image_url }) => image_url))];
    expect(unique.length).toBeGreaterThan(1000);
    for (const plant of PLANTS) {
      const share = unique.filter((url) => plantOf(url) === plant).length / unique.length;
      expect(Math.abs(share - PLANT_SHARES[plant]), plant).toBeLessThan(0.015);
    }
  });

  it('are listed by the manifest as plantOf tells them', async () => {
    const manifest = (await (await fetch(`${gallery.baseUrl}/planted.json?q=vehicle`)).json()) as {
      counts: Record<Plant, number>;
      results: { image_url: string; plant: Plant | null; copy_of: string | null }[];
    };
    expect(manifest.results.map(({ image_url }) => image_url)).toEqual(
      (await allOf('vehicle')).map(({ image_url }) => image_url),
    );
    for (const { image_url, plant, copy_of } of manifest.results) {
      expect(gallery.plantOf(image_url)).toEqual({ plant, copyOf: copy_of });
    }
    const listed = manifest.results.filter(({ plant }) => plant !== null).length;
    expect(Object.values(manifest.counts).reduce((sum, count) => sum + count, 0)).toBe(listed);
  });

  it('are unknown for an address that is not a picture', () => {
    expect(gallery.plantOf(`${gallery.baseUrl}/images/000000000000/a.jpg`)).toBeUndefined();
    expect(gallery.plantOf('http://127.0.0.1:1/images/x.jpg')).toBeUndefined();
  });

  it('dead links answer 404', async () => {
    for (const { image_url } of await withPlant('dead-link'))
      expect((await fetch(image_url)).status).toBe(404);
  });

  it('error pages say 200 and image, and are HTML', async () => {
    for (const { image_url } of await withPlant('error-page')) {
      const response = await fetch(image_url);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^image\//);
      expect(await response.text()).toMatch(/^<!doctype html>/);
    }
  });

  it('thumbnails are tiny whatever the search claims', async () => {
    for (const { image_url, width } of await withPlant('thumbnail')) {
      const metadata = await sharp(await bytesOf(image_url)).metadata();
      expect(Math.max(metadata.width, metadata.height)).toBe(24);
      expect(width).toBeGreaterThan(100);
    }
  });

  it('exact copies are their originals, byte for byte, under another address', async () => {
    for (const copy of await withPlant('exact-copy')) {
      expect(originalOf(copy)).not.toBe(copy.image_url);
      expect((await bytesOf(copy.image_url)).equals(await bytesOf(originalOf(copy)))).toBe(true);
    }
  });

  it('re-encoded copies look like their originals in another size and format', async () => {
    // Through PNG, as sharp's shrinking while it decodes JPEG and WebP shifts them by part of a pixel.
    const tiny = async (bytes: Buffer) =>
      sharp(await sharp(bytes).png().toBuffer())
        .greyscale()
        .resize(16, 16, { fit: 'fill' })
        .raw()
        .toBuffer();
    for (const copy of await withPlant('re-encoded-copy')) {
      const [ours, theirs] = [await bytesOf(copy.image_url), await bytesOf(originalOf(copy))];
      const [copyIs, originalIs] = [await sharp(ours).metadata(), await sharp(theirs).metadata()];
      expect(copyIs.width).not.toBe(originalIs.width);
      expect(copyIs.format).not.toBe(originalIs.format);
      const [a, b] = [await tiny(ours), await tiny(theirs)];
      const difference = a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;
      expect(difference).toBeLessThan(4);
    }
  });

  it('copies come after their originals', async () => {
    for (const query of DOZEN) {
      const urls = (await allOf(query)).map(({ image_url }) => image_url);
      for (const [place, url] of urls.entries()) {
        const original = gallery.plantOf(url)?.copyOf;
        if (original) expect(urls.slice(0, place)).toContain(original);
      }
    }
  });
});

/** Sends a request line that fetch would tidy up first. */
function rawStatus(target: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: gallery.port, path: target }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once('error', reject);
    sent.end();
  });
}

describe('the server', () => {
  it('shows pages a person can read, with licences, and escapes the query', async () => {
    const home = await (await fetch(gallery.baseUrl)).text();
    expect(home).toContain('CC BY-SA 4.0');
    const response = await fetch(`${gallery.baseUrl}/search?q=${encodeURIComponent('<script>fruit')}`);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).not.toContain('<script>');
    const results = await (await fetch(`${gallery.baseUrl}/search?q=fruit&page=2`)).text();
    expect(results).toContain('<img src="/images/');
    expect(results).toMatch(/Previous.*Next/s);
  });

  it('has a page with credit for each result', async () => {
    const [first] = (await pageOf('fruit', 1, 1)).results;
    const page = await (await fetch(first?.page_url ?? '')).text();
    expect(page).toContain(first?.creator);
    expect(page).toContain(first?.licence_url);
  });

  it('lets robots in, but not to the answers', async () => {
    const robots = await (await fetch(`${gallery.baseUrl}/robots.txt`)).text();
    expect(robots).toMatch(/User-agent: \*\nAllow: \/\n/);
    expect(robots).toContain('Disallow: /planted.json');
  });

  it.each([
    '/images/../../package.json',
    '/images/..%2f..%2fpackage.json',
    '/images/%2e%2e/%2e%2e/etc/passwd',
    '//etc/passwd',
    '/pictures/__proto__',
    '/nowhere',
  ])('finds nothing at %s', async (target) => {
    expect(await rawStatus(target)).toBe(404);
  });

  it('answers an address that is none with 400', async () => {
    expect(await rawStatus('http://[')).toBe(400);
  });

  it('only reads', async () => {
    const response = await fetch(`${gallery.baseUrl}/api/search?q=fruit`, { method: 'POST', body: 'x' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    const head = await fetch(`${gallery.baseUrl}/search?q=fruit`, { method: 'HEAD' });
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(1000);
    expect(await head.text()).toBe('');
  });

  it('goes on after clients that hang up', async () => {
    const found = (await pageOf('face', 1, 40)).results;
    await Promise.all(
      found.map(
        ({ image_url }) =>
          new Promise<void>((resolve) => {
            const socket = connect(gallery.port, '127.0.0.1', () => {
              socket.write(`GET ${new URL(image_url).pathname} HTTP/1.1\r\nHost: x\r\n\r\n`, () => {
                socket.destroy();
                resolve();
              });
            });
          }),
      ),
    );
    const sound = found.find(({ image_url }) => plantOf(image_url) === null);
    expect((await fetch(sound?.image_url ?? '')).status).toBe(200);
  });

  it('lets go of its port when closed, however often', async () => {
    const second = await startGallery({ seed: 1 });
    const { port } = second;
    await second.close();
    await second.close();
    const third = await startGallery({ port, seed: 1 });
    expect(third.port).toBe(port);
    await expect(startGallery({ port, seed: 1 })).rejects.toThrow('EADDRINUSE');
    await third.close();
  });
});
