import { UnknownProviderError } from './errors.js';
import type { ProviderId, SearchProvider } from './provider.js';
import { gallery } from './providers/gallery.js';
import { inaturalist } from './providers/inaturalist.js';
import { openverse } from './providers/openverse.js';
import { wikimediaCommons } from './providers/wikimedia-commons.js';

/** Every image-search provider. To add one: a file in `providers/`, a line here, a fixture folder; see CONTRIBUTING. */
export const providers: readonly SearchProvider[] = [openverse, wikimediaCommons, inaturalist, gallery];

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
