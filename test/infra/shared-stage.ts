import { createSecrets, type DeployedStage, POCKET_SECRETS, stageOn } from '../helpers/deployed-stage.ts';
import { type MiniStack, startMiniStack } from '../helpers/ministack.ts';
import { articles, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';

export type SharedStage = {
  readonly ministack: MiniStack;
  readonly pocket: PocketUnderTest;
  readonly stage: DeployedStage;
};

/** Unread items of its list: more than the ten of test/events/first-ten.json. */
export const ARTICLES = 12;

/** What `prod` sets: every part that a stage may have, and no default, so that what is read back was said here. */
const PARAMETERS = [
  '--param=recentRate=rate(50 minutes)',
  '--param=fullSchedule=cron(30 6 ? * MON *)',
  '--param=alarmMail=me@example.com',
  '--param=alarmKey=true',
  '--param=dashboard=true',
  '--param=tracing=true',
  '--param=logRetentionDays=90',
  '--param=memoryMb=512',
  '--param=bands=short:3, long',
  '--param=accounts=true',
  '--param=accountsAllowHosts=karakeep.home.arpa:3000',
  '--param=accountMinutes=20',
  '--param=accountCalls=4000',
];

let starting: Promise<SharedStage> | undefined;
const toClose: { close(): Promise<void> }[] = [];

/**
 * One stage for every file that only looks at it or runs it, since a deployment takes half a minute: `prod`, with
 * `ARTICLES` to tag. Who changes a secret or the function puts it back.
 */
export function sharedStage(): Promise<SharedStage> {
  starting ??= start();
  return starting;
}

async function start(): Promise<SharedStage> {
  const ministack = await startMiniStack();
  closeAtEnd(ministack);
  const pocket = await pocketWith(articles(ARTICLES));
  closeAtEnd(pocket);
  await createSecrets(ministack, POCKET_SECRETS);
  const stage = stageOn(ministack, pocket);
  await stage.mustDeploy(PARAMETERS);
  return { ministack, pocket, stage };
}

/** Closes what several files use after the last test of all. */
export function closeAtEnd(one: { close(): Promise<void> }): void {
  toClose.push(one);
}

// At the top of mocha's tree.
after(async () => {
  for (const one of toClose) await one.close();
});

/** The tags of every article, the first of which has 100 words. */
export const tagsOf = ({ pocket }: SharedStage): (readonly string[])[] => Object.values(pocket.tagsById());

/** As before the first run. */
export function removeTags({ pocket }: SharedStage): void {
  for (const id of Object.keys(pocket.tagsById())) pocket.store.clearTags(Number(id));
}
