import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withManagedTagNames } from '../../lib/reading-lists/managed-tag-names.ts';
import type { ReadingList } from '../../lib/reading-lists/reading-list.ts';
import { replacedTags } from '../../lib/reading-lists/replaced-tags.ts';
import { SERVICES } from '../../lib/reading-lists/services.ts';
import { anItem, tagsNamed } from '../helpers/items.ts';
import { UNHURRIED } from '../helpers/pocket.ts';

const lower = (tag: string) => tag.trim().toLowerCase();

describe('a tag under the name of the service', () => {
  for (const [name, { normalizeTag }] of Object.entries(SERVICES)) {
    it(`is kept by ${name} under the same name when it comes again`, () =>
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (tag) => {
          fc.pre(!/['"\\]/.test(tag));
          const stored = normalizeTag(tag);
          assert.equal(normalizeTag(stored), stored.trimEnd() === stored ? stored : normalizeTag(stored));
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
      applyTags: async () => [],
      getItem: async () => undefined,
    };
    const dashed = (tag: string) => tag.toLowerCase().replaceAll(' ', '-');
    const named = withManagedTagNames(list, ['a quick read', 'a long read'], dashed);
    const pages = [];
    for await (const page of named.listUnread(UNHURRIED)) pages.push(page);
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

describe('replacedTags', () => {
  const rows: [why: string, held: string[], add: string[], remove: string[], after: string[] | undefined][] =
    [
      ['adds to what is there', ['mine'], ['a'], [], ['mine', 'a']],
      ['removes and adds', ['mine', 'b'], ['a'], ['b'], ['mine', 'a']],
      ['leaves nothing where nothing is left', ['b'], [], ['b'], []],
      ['says that nothing changes', ['mine', 'a'], ['a'], ['b'], undefined],
      ['does not add what is there under another name', ['A'], ['a'], [], undefined],
      ['removes what is there under another name', ['B', 'mine'], [], ['b'], ['mine']],
    ];
  for (const [why, held, add, remove, after] of rows) {
    it(why, () => {
      const change = { add, remove: tagsNamed(...remove) };
      assert.deepEqual(replacedTags(change, tagsNamed(...held), lower), after);
    });
  }

  it('never loses a tag that it was not to remove', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { selector: lower }),
        fc.array(fc.string()),
        fc.array(fc.string()),
        (held, add, remove) => {
          const after =
            replacedTags({ add, remove: tagsNamed(...remove) }, tagsNamed(...held), lower) ?? held;
          for (const tag of held) {
            if (!remove.map(lower).includes(lower(tag))) assert.ok(after.includes(tag));
          }
        },
      ),
    ));
});
