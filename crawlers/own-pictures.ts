import { withDerived } from './define-provider.js';
import type { Derived, ProviderFacts } from './provider.js';

/** Facts of providers that read what lies on this machine. */
export const ownPictures = (
  facts: Pick<ProviderFacts, 'id' | 'title' | 'homepage' | 'terms' | 'needs' | 'offline'>,
): ProviderFacts & Derived =>
  withDerived({ ...facts, status: 'opt-in', licenceKnown: false, matches: 'category', maxPages: 1000 });
