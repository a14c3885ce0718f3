import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { openStore, type Store } from '../../lib/pocket-server/store.ts';
import { startTestPocket, type TestPocket } from '../helpers/test-pocket.ts';
import { credentials, json, keys } from './serving.ts';

/** What Pocket's own last server answered to 85 calls, made in this order. */
const RECORDING = '../shared/recordings/pocket-v3-probes.md';
/** Bodies are recorded up to here: characters. */
const RECORDED_CHARACTERS = 330;

type Recorded = { readonly call: string; readonly status: number; readonly headers: string[]; body: string };

function readRecording(): Recorded[] {
  const sections = readFileSync(RECORDING, 'utf8').split(/^## /m).slice(1);
  return sections.map((section) => {
    const [, call = '', status = '', answer = ''] = /^(.*)\n\n(\d+)\n\n```\n(.*)\n```\n/s.exec(section) ?? [];
    const lines = answer.split('\n');
    const isHeader = (line: string) => /^X-[\w-]+: /.test(line);
    const body = lines.filter((line) => !isHeader(line)).join('\n');
    return { call, status: Number(status), headers: lines.filter(isHeader), body };
  });
}

/** The list that the real server had in front of it. */
const seeded = Array.from({ length: 75 }, (_, at) => ({
  item_id: at + 1,
  resolved_id: String(100_001 + at),
  given_url: `https://site${at + 1}.example/${at + 1}`,
  time_added: 1_760_000_000 - 60 * (at + 1),
}));

const one = { ...keys, count: '1' };
const inQuery = (params: Record<string, string>) => `?${new URLSearchParams(params)}`;
const archive = (item_id: string) => JSON.stringify([{ action: 'archive', item_id }]);
const typed = (type: string, body: string) => ({ method: 'POST', headers: { 'Content-Type': type }, body });
const form = 'application/x-www-form-urlencoded';
/** Bytes go out without a content type. */
const untyped = { method: 'POST', body: new TextEncoder().encode(JSON.stringify(keys)) };
const bracketed = { ...keys, 'actions[0][action]': 'favorite', 'actions[0][item_id]': '42' };

/** Calls that the recording only names: a path under `/v3`, and how it was asked. */
const named: Readonly<Record<string, [path: string, init?: RequestInit]>> = {
  'get no key': ['get', json({ access_token: keys.access_token })],
  'get GET query': [`get${inQuery(one)}`],
  'send GET': [`send${inQuery({ ...keys, actions: archive('40') })}`],
  'send GET dbl': [`send${inQuery({ ...keys, actions: encodeURIComponent(archive('41')) })}`],
  'send form': [
    'send',
    typed(form, `${new URLSearchParams({ ...keys, actions: '[{"action":"unfavorite","item_id":"42"}]' })}`),
  ],
  'send bracket form': ['send', typed(form, `${new URLSearchParams(bracketed)}`)],
  'utf8 charset': ['get', typed('application/json; charset=utf8', JSON.stringify(one))],
  'UTF-8 form': ['get', typed(`${form}; charset=UTF-8`, `${new URLSearchParams(one)}`)],
  'bad json': ['get', typed('application/json', '{"consumer_key":')],
  'json array': ['get', typed('application/json', '[]')],
  'no ctype': ['get', untyped],
  'text plain': ['get', typed('text/plain', JSON.stringify(keys))],
  PUT: ['get', { ...json(keys), method: 'PUT' }],
  'trailing slash': ['get/', json(one)],
  'bad token': ['get', json({ ...keys, access_token: 'x' })],
  'bad token send': ['send', json({ ...keys, access_token: 'x', actions: archive('1') })],
  fetch: ['fetch', json(keys)],
  send_guid: ['send_guid', json({ ...keys, actions: archive('40') })],
  stats: ['stats'],
  OPTIONS: ['get', { method: 'OPTIONS' }],
};

function requestFor(call: string): [path: string, init?: RequestInit] {
  const [, path = '', params = ''] = /^(send|get|add) (\S.*)$/s.exec(call) ?? [];
  const known = named[call];
  if (known) return known;
  const credentials = JSON.stringify(path === 'get' ? one : keys).slice(0, -1);
  const rest = { send: `,"actions":${params}`, get: params, add: `,${params}` }[path];
  return [path, typed('application/json', `${credentials}${rest}}`)];
}

/** What we answer otherwise, with the beginning of our body. The reasons stand in the code, too. */
const deviations: Readonly<Record<string, [why: string, status: number, body: string]>> = {
  'send [{"action":"recent_search","search":"x"}]': [
    'the stand-in had no searches, and neither have we: only the words differ',
    200,
    '{"status":1,"action_errors":[{"message":"Error - Not Found: this server keeps no searches","type":"Internal Server Error","code":198}],"action_results":[false]}',
  ],
  'send [{"action":"toString","item_id":"11"}]': [
    'the real server called a method of its own that happened to have this name',
    200,
    `{"status":1,"action_errors":[{"message":"Invalid Action: 'toString'","type":"Bad request","code":130}],"action_results":[false]}`,
  ],
  'get ,"sort":"title"': ['documented by Pocket, and sent by clients', 200, '{"maxActions":30,'],
  'get ,"search":"site1","sort":"title"': ['the same', 200, '{"maxActions":30,'],
  'get ,"domain":"site1.example"': [
    'documented by Pocket; its last server ignored it',
    200,
    '{"maxActions":30,"cachetype":"db","status":1,"error":null,"complete":1,"since":0,"list":{"0":{"item_id":"0","favorite":"0","status":"0","time_added":"0","time_updated":"0","time_read":"0","time_favorited":"0","sort_id":0,"tags":{},"resolved_id":"0","given_url":"https://site1.example/1"',
  ],
  'get ,"favorite":1': [
    'the order of items that were never favorites is the backend’s',
    200,
    '{"maxActions":30,"cachetype":"db","status":1,"error":null,"complete":1,"since":0,"list":{"0":{"item_id":"0","favorite":"0","status":"0"',
  ],
  'send form': [
    'the stand-in could not unfavorite',
    200,
    '{"status":1,"action_errors":[null],"action_results":[true]}',
  ],
};

/** Ids and times aside. */
const masked = (body: string) =>
  body
    .replaceAll(/"((?:item|resolved)_id|time_\w+)":"\d+"/g, '"$1":"0"')
    .replaceAll(/"since":\d+/g, '"since":0')
    .replaceAll(/([{,])"\d+":\{"item_id"/g, '$1"0":{"item_id"');

/**
 * An item that was just added is not parsed yet. On the real server it got a `resolved_id` and its tags a moment later;
 * here it stays so, and has its tags from the start.
 */
const settled = (body: string) => body.replaceAll('"resolved_id":""', '"tags":{},"resolved_id":"0"');

/** Of items that were added within a second, the real server gave the earlier one first; the last one came later. */
function orderAdded(store: Store): void {
  const later = { 76: 2, 77: 1, 78: 3 };
  for (const [id, seconds] of Object.entries(later))
    store.change(Number(id), { time_added: 1_760_000_000 + seconds });
}

/** The beginning of a body that was cut; half a number at its end cannot be compared. */
const beginning = (body: string) => body.replace(/"?\d*"?$/, '');

async function answerTo(call: string, url: string): Promise<Recorded> {
  const [path, init] = requestFor(call);
  const answer = await fetch(`${url}/${path}`, init);
  const headers = ['X-Error-Code', 'X-Error'].flatMap((name) => {
    const value = answer.headers.get(name);
    return value === null ? [] : [`${name}: ${value}`];
  });
  return { call, status: answer.status, headers, body: masked(await answer.text()).trimEnd() };
}

describe('our server answers as Pocket’s own did to', () => {
  if (!existsSync(RECORDING)) {
    it.skip(`85 calls: ${RECORDING} is not there`);
    return;
  }
  const recording = readRecording();
  const store = openStore(':memory:');
  let server: TestPocket;
  before(async () => {
    store.insert(seeded);
    // Where ours has chosen what Pocket documented, its last server is an option for tests, which says why.
    server = await startTestPocket({ store, credentials, strictFlags: true, refusesInside200: true });
  });
  after(async () => {
    await server.close();
    store.close();
  });

  for (const { call, status, headers, body } of recording) {
    const deviation = deviations[call];
    it(deviation ? `${call}, other than: ${deviation[0]}` : call, async () => {
      const ours = await answerTo(call, server.url);
      orderAdded(store);
      const [, otherStatus = status, otherBody] = deviation ?? [];
      assert.equal(ours.status, otherStatus);
      if (otherBody !== undefined) {
        assert.equal(ours.body.slice(0, otherBody.length), otherBody);
        return;
      }
      const isCut = body.length >= RECORDED_CHARACTERS;
      const theirs = masked(settled(isCut ? beginning(body) : body)).trimEnd();
      assert.equal(isCut ? ours.body.slice(0, theirs.length) : ours.body, theirs);
      assert.deepEqual(ours.headers, headers);
    });
  }

  it('85 calls, each of the deviations among them', () => {
    const calls = recording.map(({ call }) => call);
    assert.equal(calls.length, 85);
    assert.deepEqual(
      Object.keys(deviations).filter((call) => !calls.includes(call)),
      [],
    );
  });
});
