import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { plantRecord, type PlantRecord } from './api.js';
import { readCatalogue, type Picture } from './catalogue.js';
import type { Credit } from './icon-sets.js';
import { send } from './reply.js';
import { Renderer } from './renderer.js';
import { Results } from './results.js';
import { answer, type GalleryContext } from './routes.js';

const HOST = '127.0.0.1';

/** Longer than a crawler's pause between two requests, so that a connection is not closed under it. */
const KEEP_ALIVE_MS = 30_000;

export interface GalleryOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Decides how pictures look and which results are planted bad. */
  readonly seed: number;
}

/** A running gallery. */
export interface Gallery {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly port: number;
  /** What was planted under an image address of this gallery; undefined for any other address. Not for crawlers. */
  plantOf(imageUrl: string): PlantRecord | undefined;
  /** Stops listening and drops open connections; safe to call twice. */
  close(): Promise<void>;
}

function creditsOf(catalogue: readonly Picture[]): Credit[] {
  return [...new Set(catalogue.map(({ credit }) => credit))];
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

function listenerOf(contextOf: () => GalleryContext): RequestListener {
  return (request, response) => {
    const method = request.method ?? 'GET';
    // A body is never read: the rest of such a connection is of no use.
    if (request.headers['content-length'] !== undefined) response.setHeader('connection', 'close');
    void answer(contextOf(), method, request.url ?? '/').then((reply) => {
      send(response, reply, method !== 'HEAD');
    });
  };
}

function plantOf(context: GalleryContext, imageUrl: string): PlantRecord | undefined {
  if (!imageUrl.startsWith(`${context.baseUrl}/`)) return undefined;
  const result = context.results.withImagePath(imageUrl.slice(context.baseUrl.length));
  return result && plantRecord(result, context.baseUrl);
}

/**
 * Starts the sample gallery on loopback: pictures to search and crawl with no internet, some of them bad on purpose.
 * Takes about a second. Rejects when the port is taken or an icon set is not installed.
 */
export async function startGallery({ port = 0, seed }: GalleryOptions): Promise<Gallery> {
  const catalogue = await readCatalogue();
  const parts = {
    results: new Results(catalogue, seed),
    renderer: new Renderer(),
    credits: creditsOf(catalogue),
    pictureCount: catalogue.length,
  };
  let context: GalleryContext = { ...parts, baseUrl: `http://${HOST}:${port}` };
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS },
    listenerOf(() => context),
  );
  const actualPort = await listen(server, port);
  context = { ...parts, baseUrl: `http://${HOST}:${actualPort}` };
  return {
    baseUrl: context.baseUrl,
    port: actualPort,
    plantOf: (imageUrl) => plantOf(context, imageUrl),
    close: () => close(server),
  };
}
