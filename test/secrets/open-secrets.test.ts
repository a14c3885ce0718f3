import assert from 'node:assert/strict';
import { withReadLog } from '../../lib/secrets/open-secrets.ts';
import { sourceOf, version } from '../helpers/secret-source.ts';

describe('withReadLog', () => {
  it('logs the name and the id of each version that was read, and nothing of what could not be read', async () => {
    const { source } = sourceOf({
      KEY: { current: version('S3CRET2', 'v2'), previous: version('S3CRET1', 'v1') },
      TOKEN: { current: { text: 'S3CRET' } },
    });
    const log: unknown[] = [];
    const logging = withReadLog(source, (...line) => log.push(line));
    const texts = [
      await logging.getSecret('KEY'),
      await logging.getSecret('KEY', { version: 'previous' }),
      await logging.getSecret('TOKEN'),
    ];
    await assert.rejects(logging.getSecret('TOKEN', { version: 'previous' }));
    await assert.rejects(logging.getSecret('NONE'));
    assert.deepEqual(texts, ['S3CRET2', 'S3CRET1', 'S3CRET']);
    assert.deepEqual(log, [
      ['INFO', 'Read a secret', { secret: 'KEY', version: 'current', versionId: 'v2' }],
      ['INFO', 'Read a secret', { secret: 'KEY', version: 'previous', versionId: 'v1' }],
      ['INFO', 'Read a secret', { secret: 'TOKEN', version: 'current' }],
    ]);
  });
});
