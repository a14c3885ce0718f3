import * as z from 'zod';
import type { Deadline } from '../../deadline.ts';
import { type CallApi, isAboutItem } from '../api-call.ts';
import { run } from './calls.ts';

export type LabelIds = {
  /** The id of the label of that name, which is made if there is none. */
  idOf(name: string, deadline: Deadline): Promise<string>;
  /** Reads the labels again before the next one is looked up. */
  forget(): void;
};

const label = z.object({ id: z.string(), name: z.string() });
const LABELS = {
  query:
    'query Labels { labels { ... on LabelsSuccess { labels { id name } } ... on LabelsError { errorCodes } } }',
  field: 'labels',
  result: z.object({ labels: z.array(label) }),
};
const CREATE_LABEL = {
  query: `mutation CreateLabel($input: CreateLabelInput!) {
    createLabel(input: $input) {
      ... on CreateLabelSuccess { label { id name } }
      ... on CreateLabelError { errorCodes }
    }
  }`,
  field: 'createLabel',
  result: z.object({ label }),
};

/** Ids of labels by their names, which are read once. `normalizeTag` returns the same for names of one label. */
export function labelIds(call: CallApi, normalizeTag: (name: string) => string): LabelIds {
  let ids: Promise<Map<string, Promise<string>>> | undefined;

  const readAll = async (deadline: Deadline) => {
    const { labels } = await run(call, LABELS, {}, deadline);
    return new Map(labels.map(({ name, id }) => [normalizeTag(name), Promise.resolve(id)]));
  };
  const create = async (name: string, deadline: Deadline) => {
    try {
      return (await run(call, CREATE_LABEL, { input: { name } }, deadline)).label.id;
    } catch (error) {
      // It is there: the reader made it meanwhile, or a try of ours whose answer was lost.
      const id = isAboutItem(error) && (await readAll(deadline)).get(normalizeTag(name));
      if (!id) throw error;
      return id;
    }
  };
  const forget = () => {
    ids = undefined;
  };
  return {
    forget,
    async idOf(name, deadline) {
      ids ??= readAll(deadline);
      // Whatever fails may have been done all the same, so the labels are read again.
      ids.catch(forget);
      const known = await ids;
      const key = normalizeTag(name);
      const id = known.get(key) ?? create(name, deadline);
      known.set(key, id);
      id.catch(forget);
      return id;
    },
  };
}
