/**
 * Pages with the DOM shapes of the real engines, as written down from public scrapers and the engines' own markup: what
 * surrounds the results is left out, what a scraper has to get past (consent page, lazy pictures, more at the end of the
 * scroll) is in.
 */

const PER_BATCH = 12;

export interface EngineOptions {
  consent?: boolean;
  batches?: number;
}

const html = (title: string, body: string, script: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><title>${title}</title>
<style>body{margin:0} .tile,.iuscp,figure{display:inline-block;width:600px;height:220px;margin:4px;vertical-align:top}
.over{position:fixed;inset:0;background:#fff;z-index:9} img{width:280px;height:180px}</style></head>
<body>${body}<script>${script}</script></body></html>`;

/** While the consent page stands nothing can be scrolled, as on the real ones. */
const consentScript = `
  const over = document.querySelector('.over');
  if (over) {
    document.body.style.overflow = 'hidden';
    for (const button of over.querySelectorAll('button')) button.onclick = () => {
      over.remove(); document.body.style.overflow = ''; fetch('/pressed/' + button.id); start();
    };
  } else start();`;

/** Loads a batch whenever the end of the page comes into sight. */
const batchScript = (batches: number, adder: string): string => `
  let batch = 0;
  const add = ${adder};
  const grow = () => { if (batch < ${batches}) { for (let n = 0; n < ${PER_BATCH}; n++) add(batch * ${PER_BATCH} + n); batch++; } };
  const start = () => {
    grow();
    addEventListener('scroll', () => {
      if (innerHeight + scrollY > document.documentElement.scrollHeight - 50) setTimeout(grow, 50);
    });
  };`;

/** Bing Images: li > div.iuscp > a.iusc[m] with lazy thumbnails; the last batch comes by a button. */
export function bingPage(query: string, { consent = false, batches = 3 }: EngineOptions = {}): string {
  const overlay = consent
    ? '<div id="bnp_container" class="over"><button id="bnp_btn_accept">Accept</button><button id="bnp_btn_reject">Reject</button></div>'
    : '';
  const adder = `(n) => {
    const m = JSON.stringify({ cid: 'c' + n, purl: 'https://foxes.example/page/' + n, murl: 'https://foxes.example/img/' + n + '.jpg',
      turl: 'https://tse.example/th?id=' + n, t: '\\ue000Red\\ue001 fox &amp; cub ' + n, desc: '' });
    const li = document.createElement('li');
    li.innerHTML = '<div class="iuscp varh isv"><div class="imgpt"><a class="iusc" href="/images/search?view=detailV2"><div class="img_cont hoff"><img class="mimg" data-src="/th/' + n + '.png"></div></a><div class="img_info hon"><span class="nowrap">' + (1000 + n) + ' x 800 \\u00b7 jpeg</span></div></div></div>';
    li.querySelector('a').setAttribute('m', m);
    document.querySelector('.dgControl_list').append(li);
    new IntersectionObserver((seen, me) => seen.forEach((one) => { if (one.isIntersecting) { one.target.src = one.target.dataset.src; me.disconnect(); } })).observe(li.querySelector('img'));
  }`;
  const more = `
    const button = document.querySelector('.btn_seemore');
    button.onclick = () => { grow2(); button.remove(); };
    const grow2 = () => { for (let n = 0; n < ${PER_BATCH}; n++) add(1000 + n); };`;
  return html(
    `${query} - Bing images`,
    `${overlay}<div id="mmComponent_images_2"><ul class="dgControl_list"></ul></div><a class="btn_seemore" href="#more">See more images</a>`,
    `${batchScript(batches, adder)}${more}${consentScript}`,
  );
}

export const bingNothing = html(
  'qqzz - Bing images',
  '<div class="no_res">There are no results for this question</div>',
  '',
);

/** DuckDuckGo: tiles whose pictures come through a proxy; tiles far away leave the page again. */
export function duckduckgoPage(query: string, { batches = 3 }: EngineOptions = {}): string {
  const adder = `(n) => {
    const proxied = '//external-content.duckduckgo.com/iu/?u=' + encodeURIComponent('https://tse.example/th?id=OIP.' + n) + '&f=1';
    const tile = document.createElement('div');
    tile.className = 'tile  tile--img  has-detail';
    tile.dataset.id = 'https://foxes.example/img/' + n + '.jpg';
    tile.innerHTML = '<div class="tile--img__dimensions"><em>' + (1200 + n) + ' \\u00d7 900</em></div><div class="tile--img__media"><span class="tile--img__media__i"><img class="tile--img__img js-lazyload" alt="Red fox ' + n + '" data-src="' + proxied + '"></span></div><a class="tile--img__sub" href="https://foxes.example/page/' + n + '"><span class="tile--img__domain">foxes.example</span></a>';
    tile.classList.add('tile');
    document.querySelector('.zci__main').append(tile);
  }`;
  return html(
    `${query} at DuckDuckGo`,
    '<div id="zci-images"><div class="zci__main zci__main--tiles"></div></div>',
    `${batchScript(batches, adder)}${consentScript}`,
  );
}

/** The layout of figures, where the address of the original is not told. */
export const duckduckgoFigures = html(
  'red fox at DuckDuckGo',
  `<ol>${[1, 2]
    .map(
      (n) =>
        `<li><figure><div><img alt="Fox ${n}" src="//external-content.duckduckgo.com/iu/?u=${encodeURIComponent(`https://tse.example/th?id=OIP.${n}&pid=Api`)}&f=1&ipt=x"></div><figcaption><a href="https://foxes.example/page/${n}"><p>Fox ${n}</p></a><p>640 × 480</p></figcaption></figure></li>`,
    )
    .join('')}</ol>`,
  '',
);

export const duckduckgoWall = html(
  'DuckDuckGo',
  '<div class="anomaly-modal__mask"><div class="anomaly-modal__modal">Unfortunately, bots use DuckDuckGo too.</div></div>',
  '',
);

/** A gallery of its own making: every way to hide the address of a picture, a consent banner, more by scroll. */
export const galleryPage = html(
  'Foxes',
  `<div class="over" id="cookie-banner"><p>We value your privacy</p><button id="yes">Accept all</button><button id="no">Reject all</button></div>
   <img src="/logo.svg" width="300" height="200"><img src="/icon.png?side=16" style="width:16px;height:16px">
   <a href="/full/linked.jpg"><img src="/pic.png?thumb" alt="Linked"></a>
   <img src="/pic.png?small" srcset="/pic.png?s=320 320w, /pic.png?s=1600 1600w, /pic.png?s=800 800w" sizes="280px" alt="Srcset">
   <picture><source srcset="/pic.webp?s=2x 2x, /pic.webp?s=1x" type="image/webp"><img src="/pic.png?fallback" alt="Picture"></picture>
   <img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="/pic.png?lazy" data-original="/pic.png?original" alt="Lazy">
   <div role="img" aria-label="Background" style="width:300px;height:200px;background-image:url('/pic.png?background')"></div>
   <img src="blob:nothing" alt="Blob"><img src="/gone.png" alt="Gone" style="display:none">
   <div id="feed"></div><a rel="next" href="/gallery/2">Next page</a>`,
  batchScript(
    2,
    `(n) => { const i = new Image(); i.alt = 'Feed ' + n; i.src = '/icon.png?side=1'; document.querySelector('#feed').append(i);
      new IntersectionObserver((seen, me) => seen.forEach((one) => { if (one.isIntersecting) { i.src = '/pic.png?feed=' + n; me.disconnect(); } })).observe(i); }`,
  ) + consentScript,
);

export const secondGalleryPage = html('Foxes 2', '<img src="/pic.png?second" alt="Second">', '');
