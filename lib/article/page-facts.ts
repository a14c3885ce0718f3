/** Everything that is known about a page before anything is decided. */
import { type BlockFacts, blockFactsOf, type ElementFacts, elementFactsOf } from './block-facts.ts';
import type { Page } from './html-blocks.ts';
import { type MainContainer, mainContainerOf } from './main-container.ts';

export type PageFacts = {
  readonly page: Page;
  /** As `page.blocks`. */
  readonly blocks: readonly BlockFacts[];
  /** As `page.elements`. */
  readonly elements: readonly ElementFacts[];
  readonly main: MainContainer;
};

export const pageFactsOf = (page: Page): PageFacts => {
  const blocks = blockFactsOf(page);
  const elements = elementFactsOf(page, blocks);
  return { page, blocks, elements, main: mainContainerOf(page, blocks, elements) };
};
