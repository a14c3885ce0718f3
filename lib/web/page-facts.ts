/** Everything that is known about a page before anything is decided. */
import { blockFactsOf, elementFactsOf } from './block-facts.ts';
import type { PageFacts } from './block-features.ts';
import type { Page } from './html-blocks.ts';
import { mainContainerOf } from './main-container.ts';

export const pageFactsOf = (page: Page): PageFacts => {
  const blocks = blockFactsOf(page);
  const elements = elementFactsOf(page, blocks);
  return { page, blocks, elements, main: mainContainerOf(page, blocks, elements) };
};
