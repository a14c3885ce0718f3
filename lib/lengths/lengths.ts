import type { PageEvidence } from '../core/estimate.ts';
import type { Item } from '../core/item.ts';

/** What a length was read from: the text that the service stores of an item, or its web page. */
export type ReadFrom = 'text' | 'page';

/** What was read of an item, from what, and when: milliseconds since 1970. */
export type KeptLength = {
  readonly evidence: PageEvidence;
  readonly from: ReadFrom;
  readonly readAt: number;
};

/**
 * PORT: what was read of items, kept from one run to the next where a run has a place for it. None of it is needed, so
 * no method throws where a place cannot be read or written.
 */
export type Lengths = {
  /** The length of an item, or why it has none for as long as that reason is kept; `undefined`: nothing is kept. */
  get(item: Item): KeptLength | undefined;
  /** Keeps what was read of an item, in place of what was kept of it. */
  set(item: Item, evidence: PageEvidence, from: ReadFrom): void;
  /**
   * After a run over the whole list: forgets the items of it that were neither asked for nor set since this was opened,
   * and that were read so long ago that they will hardly come back: they are archived, deleted, or have a length of the
   * service by now.
   */
  forgetOthers(): void;
};
