import { withDerived } from './define-provider.js';
import type { ProviderFacts, RefusedProvider } from './provider.js';

/** A provider that is known only so that whoever asks for it learns why not. */
export const refusedProvider = (
  facts: Pick<ProviderFacts, 'id' | 'title' | 'homepage' | 'terms'> & { refusal: string },
): RefusedProvider => ({
  ...withDerived({
    ...facts,
    needs: [],
    status: 'refused',
    licenceKnown: true,
    matches: 'text',
    offline: false,
    maxPages: 1,
  }),
  kind: 'refused',
  status: 'refused',
});
