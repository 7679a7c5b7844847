import { FolderStore } from '../files/folder-store.js';
import { ownPictures } from '../own-pictures.js';
import type { LocalProvider } from '../provider.js';

/** A folder of one's own pictures, one subfolder a category; the setting `folder.path` says where. */
export const folder: LocalProvider = {
  ...ownPictures({
    id: 'folder',
    title: 'Folder of pictures',
    homepage: 'https://en.wikipedia.org/wiki/File_system',
    terms: 'Your own pictures, one subfolder a category, read in place; links out of it are not followed.',
    needs: ['folder.path'],
    offline: true,
  }),
  kind: 'local',
  setting: 'folder.path',
  open: (path, maxBytes) => new FolderStore(path, maxBytes),
};
