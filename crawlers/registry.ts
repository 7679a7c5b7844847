import { UnknownProviderError } from './errors.js';
import type { ProviderId, SearchProvider } from './provider.js';
import { bing } from './providers/bing.js';
import { brave } from './providers/brave.js';
import { duckduckgo } from './providers/duckduckgo.js';
import { flickr } from './providers/flickr.js';
import { gallery } from './providers/gallery.js';
import { googleCse } from './providers/google-cse.js';
import { inaturalist } from './providers/inaturalist.js';
import { folder } from './providers/folder.js';
import { openverse } from './providers/openverse.js';
import { page } from './providers/page.js';
import { pixabay } from './providers/pixabay.js';
import { pexels } from './providers/pexels.js';
import { searxng } from './providers/searxng.js';
import { serpapi } from './providers/serpapi.js';
import { unsplash } from './providers/unsplash.js';
import { urlList } from './providers/url-list.js';
import { wikimediaCommons } from './providers/wikimedia-commons.js';
import { zip } from './providers/zip.js';

/** Every source of pictures. To add one: a file in `providers/`, a line here, a fixture folder; see CONTRIBUTING. */
export const providers: readonly SearchProvider[] = [
  openverse,
  wikimediaCommons,
  inaturalist,
  flickr,
  brave,
  serpapi,
  googleCse,
  searxng,
  pixabay,
  bing,
  duckduckgo,
  page,
  folder,
  zip,
  urlList,
  gallery,
  unsplash,
  pexels,
];

/**
 * The provider with this id.
 * @throws UnknownProviderError listing the ids there are.
 */
export function getProvider(id: ProviderId): SearchProvider {
  const found = providers.find((provider) => provider.id === id);
  if (found) return found;
  throw new UnknownProviderError(
    id,
    providers.map((provider) => provider.id),
  );
}
