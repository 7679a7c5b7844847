import { describe, expect, it } from 'vitest';
import { htmlToText } from '../../../crawlers/plain-text.js';

describe('htmlToText', () => {
  it.each([
    ['<a href="x" title="a">Jane</a>  <b>Doe</b>', 'Jane Doe'],
    ['A &amp; B &lt;C&gt; &#39;D&#x27; &quot;E&quot;&nbsp;F', `A & B <C> 'D' "E" F`],
    ['<script>alert(1)</script>Ann<style>p{}</style>', 'Ann'],
    ['&amp;lt;b&amp;gt;', '&lt;b&gt;'],
    ['&unknown; &#0; &#99999999;', '&unknown; &#0; &#99999999;'],
    ['&#1114112;', '&#1114112;'],
    ['  ', ''],
  ])('%j reads %j', (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });
});
