import { ProviderError, THIS_MACHINE } from '../errors.js';
import { parseUrlList, UrlListError, urlsOf } from '../files/url-list.js';
import { ownPictures } from '../own-pictures.js';
import type { ListProvider } from '../provider.js';

/** Addresses from a file: plain lines, CSV or JSON lines; the setting `url-list.path` says where. */
export const urlList: ListProvider = {
  ...ownPictures({
    id: 'url-list',
    title: 'List of addresses',
    homepage: 'https://www.rfc-editor.org/rfc/rfc4180',
    terms:
      'Addresses from your own file (lines, CSV with header category,url, or JSON lines); licences are yours to know.',
    needs: ['url-list.path'],
    offline: false,
  }),
  kind: 'list',
  setting: 'url-list.path',
  parsePage(body, { query }) {
    try {
      const urls = urlsOf(parseUrlList(body), query);
      return { results: urls.map((imageUrl) => ({ imageUrl })), received: urls.length, next: null };
    } catch (error) {
      if (!(error instanceof UrlListError)) throw error;
      throw new ProviderError('url-list', THIS_MACHINE, 'needs-key', `url-list.path, ${error.message}`);
    }
  },
};
