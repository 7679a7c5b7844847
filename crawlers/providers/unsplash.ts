import { refusedProvider } from '../refused-provider.js';

/** Refused; the API guidelines as read on help.unsplash.com. */
export const unsplash = refusedProvider({
  id: 'unsplash',
  title: 'Unsplash',
  homepage: 'https://unsplash.com/documentation',
  terms:
    'Its API guidelines rule out data mining, training models and automated use, so Graft does not ask it.',
  refusal:
    'the Unsplash API guidelines rule out "data mining" and "training AI models", and allow "non-automated" use only',
});
