import { ZipStore } from '../files/zip-store.js';
import { ownPictures } from '../own-pictures.js';
import type { LocalProvider } from '../provider.js';

/** A zip of one's own pictures, one folder a category; the setting `zip.path` says where. */
export const zip: LocalProvider = {
  ...ownPictures({
    id: 'zip',
    title: 'Zip of pictures',
    homepage: 'https://en.wikipedia.org/wiki/ZIP',
    terms: 'Your own pictures, one folder a category, read inside the archive without unpacking it to disk.',
    needs: ['zip.path'],
    offline: true,
  }),
  kind: 'local',
  setting: 'zip.path',
  open: (path, maxBytes) => new ZipStore(path, maxBytes),
};
