import type { ResultPage, SearchQuery } from './api.js';
import type { Credit } from './icon-sets.js';
import type { Result } from './results.js';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);

const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:72rem;margin:0 auto;padding:1.5rem}
form{display:flex;gap:.5rem;flex-wrap:wrap;margin:1rem 0}
input{flex:1 1 14rem;font:inherit;padding:.5rem .75rem}
button{font:inherit;padding:.5rem 1rem}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:1rem;padding:0;list-style:none}
figure{margin:0}
img{width:100%;aspect-ratio:1;object-fit:contain;background:#8881;border-radius:.5rem}
.picture img{max-width:26rem}
figcaption,footer,.note{font-size:.8rem}
nav{display:flex;gap:1rem;margin:1rem 0}
footer{margin-top:2rem;border-top:1px solid #8886}
`;

/** Suggestions on the front page: words that find much. */
const SUGGESTIONS = ['fruit', 'vehicle', 'building', 'drink', 'animal', 'bird', 'flower', 'face'];

const link = (href: string, text: string): string => `<a href="${escape(href)}">${escape(text)}</a>`;

const searchLink = (query: string, page: number, text: string): string =>
  link(`/search?q=${encodeURIComponent(query)}&page=${page}`, text);

function layout(title: string, query: string, main: string, footer = ''): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escape(title)}</title><style>${STYLE}</style></head>
<body><header><h1>${link('/', 'Sample gallery')}</h1>
<form action="/search" role="search"><input name="q" value="${escape(query)}" aria-label="Search pictures" required maxlength="100">
<button>Search</button></form></header><main>${main}</main><footer>${footer}</footer></body></html>
`;
}

const licenceOf = (credit: Credit): string =>
  `${escape(credit.creator)} (${escape(credit.setTitle)}), ${link(credit.licenceUrl, credit.licenceTitle)}`;

/** The page at `/`: what this is, words to try, and who made the pictures. */
export function homePage(credits: readonly Credit[], pictureCount: number): string {
  const words = SUGGESTIONS.map((word) => searchLink(word, 1, word)).join(' · ');
  const sets = credits.map(
    (credit) => `<li>${link(credit.creatorUrl, credit.setTitle)}: ${licenceOf(credit)}</li>`,
  );
  const main = `<p>${pictureCount} pictures to practise crawling on, served from this machine. Like the web, some links are
dead, some pictures are copies and some are not what they say. Try ${words}.</p>
<h2>Artists and licences</h2><ul>${sets.join('')}</ul>`;
  return layout('Sample gallery', '', main);
}

function figure(result: Result): string {
  const { picture } = result;
  const image = `<img src="${escape(result.imagePath)}" alt="${escape(picture.title)}" loading="lazy">`;
  const caption = `${escape(picture.title)}<br>${licenceOf(picture.credit)}`;
  return `<li><figure><a href="${escape(result.pagePath)}">${image}</a><figcaption>${caption}</figcaption></figure></li>`;
}

/** The page at `/search`: one page of results. */
export function searchPage(query: SearchQuery, page: ResultPage): string {
  const { q } = query;
  const earlier = query.page > 1 ? searchLink(q, query.page - 1, 'Previous') : '';
  const later = query.page < page.pageCount ? searchLink(q, query.page + 1, 'Next') : '';
  const found = `<p>${page.total} pictures for “${escape(q)}”, page ${query.page} of ${Math.max(1, page.pageCount)}.</p>`;
  const grid = `<ul class="grid">${page.results.map(figure).join('')}</ul><nav>${earlier}${later}</nav>`;
  return layout(`${q} - Sample gallery`, q, found + grid, 'Every picture keeps the licence of its artist.');
}

/** The page of one picture. */
export function picturePage({ picture, imagePath }: Result): string {
  const image = `<img src="${escape(imagePath)}" alt="${escape(picture.title)}">`;
  const main = `<h2>${escape(picture.title)}</h2><div class="picture">${image}</div><p>By ${licenceOf(picture.credit)}.
Drawn from ${link(picture.credit.creatorUrl, picture.credit.setTitle)}, changed: resized, turned and set on a background.</p>`;
  return layout(picture.title, '', main);
}

/** What stands under an address that leads nowhere, and, planted, under some that claim to be pictures. */
export function notFoundPage(): string {
  return layout('Not found', '', '<h2>Not found</h2><p>This picture was moved or removed. Search again.</p>');
}
