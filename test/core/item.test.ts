import assert from 'node:assert/strict';
import { goneResult, isVideo } from '../../lib/core/item.ts';

describe('isVideo', () => {
  const rows: [url: string | undefined, is: boolean][] = [
    ['https://www.youtube.com/watch?v=abc', true],
    ['http://youtube.com/watch?v=abc', true],
    ['https://m.youtube.com/shorts/abc', true],
    ['https://www.youtube-nocookie.com/embed/abc', true],
    ['https://youtu.be/abc', true],
    ['https://vimeo.com/12345', true],
    ['https://player.vimeo.com/video/12345', true],
    ['https://www.tiktok.com/@someone/video/123', true],
    ['HTTPS://YOUTU.BE/abc', true],
    ['https://www.youtube.com/@channel', false],
    ['https://vimeo.com/blog/post', false],
    ['https://www.tiktok.com/@some/one/video/123', false],
    ['https://notyoutube.com/watch?v=abc', false],
    ['https://example.com/?from=https://youtu.be/abc', false],
    ['ftp://youtu.be/abc', false],
    [undefined, false],
  ];
  for (const [url, is] of rows)
    it(`${is ? 'is' : 'is not'} at ${url}`, () => {
      assert.equal(isVideo({ kind: 'article', ...(url !== undefined && { url }) }), is);
    });

  it('is what the service calls so, at any address', () => {
    assert.ok(isVideo({ kind: 'video', url: 'https://example.com/a' }));
    assert.ok(!isVideo({ kind: 'image', url: 'https://youtu.be/abc' }));
  });
});

describe('goneResult', () => {
  it('says that the item is no longer there', () =>
    assert.deepEqual(goneResult('7'), { itemId: '7', ok: false, reason: 'no longer there', gone: true }));
});
