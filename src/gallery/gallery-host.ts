import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startGallery, type Gallery } from './index.js';

/** Looks and plants of the sample gallery that the service runs for itself; fixed, so that its pictures stay the same. */
const GALLERY_SEED = 1;

export interface GalleryHost {
  /** Starts the gallery at the first call. */
  baseUrl(): Promise<string>;
  close(): Promise<void>;
}

/**
 * The service's own sample gallery, started when a run asks for it. Its port is kept in the data folder, because the
 * candidates of an interrupted run hold addresses with that port.
 */
export function createGalleryHost(dataDir: string): GalleryHost {
  let starting: Promise<Gallery> | null = null;
  const start = async (): Promise<Gallery> => {
    const file = join(dataDir, 'gallery-port');
    const kept = Number(await readFile(file, 'utf8').catch(() => '0')) || 0;
    const gallery = await startGallery({ port: kept, seed: GALLERY_SEED }).catch(() =>
      startGallery({ seed: GALLERY_SEED }),
    );
    await writeFile(file, String(gallery.port));
    return gallery;
  };
  return {
    baseUrl: async () => {
      starting ??= start();
      try {
        return (await starting).baseUrl;
      } catch (error) {
        starting = null; // the next run may be luckier
        throw error;
      }
    },
    close: async () => {
      await (await starting?.catch(() => null))?.close();
    },
  };
}
