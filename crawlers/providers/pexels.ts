import { refusedProvider } from '../refused-provider.js';

/** Refused; the API terms as read on help.pexels.com. */
export const pexels = refusedProvider({
  id: 'pexels',
  title: 'Pexels',
  homepage: 'https://www.pexels.com/api/',
  terms: 'Its API terms forbid data sets and training, so Graft does not ask it.',
  refusal: 'the Pexels API terms say: "Don\'t use the API to build datasets or train ML/AI models"',
});
