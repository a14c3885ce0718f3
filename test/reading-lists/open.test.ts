import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withManagedTagNames } from '../../lib/reading-lists/open.ts';
import type { ReadingList } from '../../lib/reading-lists/reading-list.ts';
import { SERVICES } from '../../lib/reading-lists/services.ts';
import { anItem, tagsNamed } from '../helpers/items.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';

describe('a tag under the name of the service', () => {
  it('is ours again when Karakeep kept the space behind its #', async () => {
    const list: ReadingList = {
      batchSize: 1,
      async *listUnread() {},
      async *listAll() {},
      async *applyTags() {},
      getItem: async () => anItem({ tags: [{ id: 't1', name: ' short' }] }),
    };
    const named = withManagedTagNames(list, ['# short'], SERVICES.karakeep.normalizeTag);
    assert.deepEqual((await named.getItem(anItem({}), NO_DEADLINE))?.tags, [
      { id: 't1', name: '# short', storedAs: ' short' },
    ]);
  });

  for (const [name, { normalizeTag }] of Object.entries(SERVICES)) {
    it(`is kept by ${name} under the same name when it comes again`, () =>
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (tag) => {
          const stored = normalizeTag(tag);
          assert.equal(normalizeTag(stored), stored.trim() === stored ? stored : normalizeTag(stored));
        }),
      ));
  }

  for (const [name, { normalizeTag }] of Object.entries(SERVICES)) {
    it(`is kept by ${name} without spaces around it`, () => assert.equal(normalizeTag(' short '), 'short'));
  }

  it('gets the name of the settings, and keeps its own beside it; others keep theirs', async () => {
    const item = anItem({ tags: [...tagsNamed('A-Quick-Read', 'Theirs', 'a long read')] });
    const list: ReadingList = {
      batchSize: 1,
      async *listUnread() {
        yield { items: [item], total: 1 };
      },
      async *listAll() {},
      async *applyTags() {},
      getItem: async () => undefined,
    };
    const dashed = (tag: string) => tag.toLowerCase().replaceAll(' ', '-');
    const named = withManagedTagNames(list, ['a quick read', 'a long read'], dashed);
    const pages = [];
    for await (const page of named.listUnread(NO_DEADLINE)) pages.push(page);
    assert.deepEqual(pages, [
      {
        total: 1,
        items: [
          {
            ...item,
            tags: [
              { name: 'a quick read', storedAs: 'A-Quick-Read' },
              { name: 'Theirs' },
              { name: 'a long read' },
            ],
          },
        ],
      },
    ]);
  });
});
