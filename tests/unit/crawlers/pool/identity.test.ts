import { describe, expect, it } from 'vitest';
import { canonicalUrl, KnownPictures, pictureKeys } from '../../../../crawlers/pool/identity.js';

const picture = (imageUrl: string, pageUrl: string | null = null, sha1: string | null = null) => ({
  imageUrl,
  pageUrl,
  sha1,
});

describe('canonicalUrl', () => {
  it.each([
    ['http://Example.org:80/a.jpg', 'https://example.org/a.jpg'],
    ['https://example.org/a.jpg?utm_source=x&id=1#top', 'https://example.org/a.jpg?id=1'],
    ['https://example.org/a.jpg?b=2&a=1', 'https://example.org/a.jpg?a=1&b=2'],
    ['https://example.org/%63at.jpg', 'https://example.org/cat.jpg'],
    ['https://example.org/a.jpg?q=a%20b', 'https://example.org/a.jpg?q=a+b'],
  ])('%s and %s are one', (a, b) => {
    expect(canonicalUrl(a)).toBe(canonicalUrl(b));
  });

  it.each([
    ['https://example.org/a.jpg', 'https://example.org/A.jpg'],
    ['https://example.org/a.jpg?id=1', 'https://example.org/a.jpg?id=2'],
    ['https://example.org:8443/a.jpg', 'https://example.org/a.jpg'],
    ['https://example.org/a%2Fb.jpg', 'https://example.org/a/b.jpg'],
  ])('%s and %s are two', (a, b) => {
    expect(canonicalUrl(a)).not.toBe(canonicalUrl(b));
  });

  it('leaves alone what is no address, or has a stray percent sign', () => {
    expect(canonicalUrl('not an address')).toBe('not an address');
    expect(canonicalUrl('https://example.org/100%.jpg')).toContain('100%');
  });
});

describe('KnownPictures', () => {
  it.each([
    [
      'a Flickr photo and its entry in Openverse',
      picture(
        'https://live.staticflickr.com/65535/51234567890_0a1b2c3d4e_b.jpg',
        'https://www.flickr.com/photos/ann/51234567890',
      ),
      picture(
        'https://live.staticflickr.com/65535/51234567890_ffffffffff_c.jpg',
        'https://www.flickr.com/photos/ann/51234567890/',
      ),
    ],
    [
      'a Commons thumbnail and the original that Openverse names, by page id',
      picture(
        'https://upload.wikimedia.org/wikipedia/commons/thumb/a/ab/Grey_cat.jpg/960px-Grey_cat.jpg',
        'https://commons.wikimedia.org/wiki/File:Grey_cat.jpg',
      ),
      picture(
        'https://upload.wikimedia.org/wikipedia/commons/a/ab/Grey_cat.jpg',
        'https://commons.wikimedia.org/w/index.php?curid=12345',
      ),
    ],
    [
      'two sizes of an iNaturalist photo',
      picture(
        'https://inaturalist-open-data.s3.amazonaws.com/photos/777/large.jpg',
        'https://www.inaturalist.org/observations/1',
      ),
      picture(
        'https://static.inaturalist.org/photos/777/original.jpeg',
        'https://www.inaturalist.org/photos/777',
      ),
    ],
    [
      'the same SHA-1',
      picture('https://a.org/1.jpg', null, 'AB12'),
      picture('https://b.org/2.jpg', null, 'ab12'),
    ],
    [
      'the same address over http',
      picture('http://a.org/1.jpg'),
      picture('https://a.org/1.jpg?utm_medium=x'),
    ],
  ])('%s are one picture', (_what, first, second) => {
    const known = new KnownPictures([first]);
    expect(known.has(second.imageUrl)).toBe(false);
    expect(known.add(second)).toBe(first.imageUrl);
  });

  it('does not take two pictures of one web page, or two photographers, for twins', () => {
    const known = new KnownPictures([picture('https://a.org/1.jpg', 'https://a.org/page')]);
    expect(known.add(picture('https://a.org/2.jpg', 'https://a.org/page'))).toBeNull();
    expect(
      known.add(picture('https://live.staticflickr.com/1/22_aa.jpg', 'https://www.flickr.com/photos/x/22')),
    ).toBeNull();
    expect(
      known.add(picture('https://live.staticflickr.com/1/23_aa.jpg', 'https://www.flickr.com/photos/x/23')),
    ).toBeNull();
  });

  it('names the first of three, also by a key that only the second had', () => {
    const known = new KnownPictures();
    known.add(picture('https://a.org/1.jpg', null, 'aa'));
    known.add(picture('https://b.org/2.jpg', 'https://www.flickr.com/photos/x/9', 'aa'));
    expect(known.add(picture('https://live.staticflickr.com/5/9_ab.jpg'))).toBe('https://a.org/1.jpg');
  });

  it('gives every picture at least the key of its address', () => {
    expect(pictureKeys(picture('https://a.org/1.jpg'))).toEqual(['url:a.org/1.jpg']);
  });
});
