import assert from 'node:assert/strict';
import { withReadLog } from '../../lib/secrets/with-read-log.ts';
import { sourceOf, version } from '../helpers/secret-source.ts';

describe('loggingReads', () => {
  it('tells each version that was read by its name and id, and not what could not be read', async () => {
    const { source } = sourceOf({
      KEY: { current: version('S3CRET2', 'v2'), previous: version('S3CRET1', 'v1') },
      TOKEN: { current: { text: 'S3CRET' } },
    });
    const log: unknown[] = [];
    const logging = withReadLog(source, (...line) => log.push(line));
    const texts = [
      await logging.read('KEY'),
      await logging.readPrevious('KEY'),
      await logging.read('TOKEN'),
      await logging.readPrevious('TOKEN'),
    ].map((found) => found?.text);
    await assert.rejects(logging.read('NONE'));
    assert.deepEqual(texts, ['S3CRET2', 'S3CRET1', 'S3CRET', undefined]);
    assert.deepEqual(log, [
      ['INFO', 'Read a secret', { secret: 'KEY', version: 'current', versionId: 'v2' }],
      ['INFO', 'Read a secret', { secret: 'KEY', version: 'previous', versionId: 'v1' }],
      ['INFO', 'Read a secret', { secret: 'TOKEN', version: 'current' }],
    ]);
  });
});
