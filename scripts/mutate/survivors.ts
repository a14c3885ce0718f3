import { ARTICLE } from './survivors/article.ts';
import { BLOCK_FEATURES } from './survivors/block-features.ts';
import { CORE } from './survivors/core.ts';
import { POCKET } from './survivors/pocket.ts';
import { READING_LISTS } from './survivors/reading-lists.ts';
import { SECRETS } from './survivors/secrets.ts';
import type { Survivor } from './survivors/survivor.ts';
import { WEB } from './survivors/web.ts';

export const SURVIVORS: readonly Survivor[] = [
  ...CORE,
  ...SECRETS,
  ...WEB,
  ...ARTICLE,
  ...BLOCK_FEATURES,
  ...READING_LISTS,
  ...POCKET,
];
