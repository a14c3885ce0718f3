import { pocketApiUrl } from './pocket/api-url.ts';
import { addressSetting, type Service, textSetting } from './service-settings.ts';
import {
  instapaperTagName,
  karakeepTagName,
  linkdingTagName,
  linkwardenTagName,
  omnivoreTagName,
  pocketTagName,
  raindropTagName,
  readeckTagName,
  readwiseTagName,
  shioriTagName,
  wallabagTagName,
} from './tag-names.ts';

/** All services, by the value of `READING_LIST`. */
export const SERVICES = {
  pocket: service({
    title: 'Pocket',
    settings: { apiUrl: pocketApiUrl },
    secrets: { consumerKey: 'POCKET_KEY', accessToken: 'POCKET_TOKEN' },
    credentials: {
      steps: 'Take the consumer key and the access token of your server; "npm run pocket" makes its own',
      mayDo: 'read and change your whole list',
    },
    normalizeTag: pocketTagName,
    keepsOnly: 'Pocket lower-cases and trims tags, cuts them to 25 characters, and escapes quotes itself',
    open: async ({ settings, ...rest }) =>
      (await import('./pocket/pocket.ts')).pocket({ ...settings, ...rest }),
  }),
  karakeep: service({
    title: 'Karakeep',
    settings: { url: addressSetting('KARAKEEP_URL') },
    secrets: { token: 'KARAKEEP_TOKEN' },
    credentials: {
      page: '/settings/api-keys',
      steps: 'Make a new key; of the scopes, where there are some, choose bookmarks:readwrite',
      mayDo: 'do what its scopes allow; without scopes, everything that you can do there',
    },
    normalizeTag: karakeepTagName,
    newItemIn: async (event) => (await import('./karakeep/webhook.ts')).newBookmarkIn(event),
    open: async ({ settings, ...rest }) =>
      (await import('./karakeep/karakeep.ts')).karakeep({ ...settings, ...rest }),
  }),
  readeck: service({
    title: 'Readeck',
    settings: { url: addressSetting('READECK_URL') },
    secrets: { token: 'READECK_TOKEN' },
    credentials: {
      page: '/profile/tokens',
      steps: 'Make a new token with the roles "Bookmarks: Read Only" and "Bookmarks: Write Only"',
      mayDo: 'do what its roles allow',
    },
    normalizeTag: readeckTagName,
    open: async ({ settings, ...rest }) => (await import('./readeck.ts')).readeck({ ...settings, ...rest }),
  }),
  readwise: service({
    title: 'Readwise Reader',
    settings: { url: addressSetting('READWISE_URL', 'https://readwise.io') },
    secrets: { token: 'READWISE_TOKEN' },
    credentials: {
      page: 'https://readwise.io/access_token',
      steps: 'Take the token that is there; there is one for everything',
      mayDo: 'read and change everything that you have in Readwise and Reader',
    },
    normalizeTag: readwiseTagName,
    ignoresCapitals: true,
    open: async ({ settings, ...rest }) =>
      (await import('./readwise/readwise.ts')).readwise({ ...settings, ...rest }),
  }),
  instapaper: service({
    title: 'Instapaper',
    settings: {
      url: addressSetting('INSTAPAPER_URL', 'https://www.instapaper.com'),
      folders: textSetting('INSTAPAPER_FOLDERS', {
        meaning: 'ids of folders to read beside the home list, by commas',
        byDefault: '',
        pattern: /^\s*(\d+\s*(,\s*\d+\s*)*)?$/,
        problem: 'is not a list of folder ids; give numbers, such as 12345,67890',
      }),
    },
    secrets: { token: 'INSTAPAPER_TOKEN' },
    credentials: {
      page: 'https://www.instapaper.com/developers',
      steps: 'Register an app, and generate a personal token on its page',
      mayDo: 'read and change everything that you have there; it does not expire',
    },
    normalizeTag: instapaperTagName,
    ignoresCapitals: true,
    open: async ({ settings, ...rest }) =>
      (await import('./instapaper.ts')).instapaper({ ...settings, ...rest }),
  }),
  raindrop: service({
    title: 'Raindrop.io',
    settings: {
      url: addressSetting('RAINDROP_URL', 'https://api.raindrop.io'),
      collection: textSetting('RAINDROP_COLLECTION', {
        meaning: 'id of the collection to read: 0 for all, -1 for unsorted',
        byDefault: '0',
        pattern: /^\s*(-1|\d+)\s*$/,
        problem:
          'is not a collection; give its id from the address of its page, 0 for all, or -1 for unsorted',
      }),
    },
    secrets: { token: 'RAINDROP_TOKEN' },
    credentials: {
      page: 'https://app.raindrop.io/settings/integrations',
      steps: 'Under For developers make a new app, and in it a test token',
      mayDo: 'read and change everything that you have there; it does not expire',
    },
    normalizeTag: raindropTagName,
    ignoresCapitals: true,
    open: async ({ settings, ...rest }) =>
      (await import('./raindrop/raindrop.ts')).raindrop({ ...settings, ...rest }),
  }),
  wallabag: service({
    title: 'wallabag',
    settings: { url: addressSetting('WALLABAG_URL') },
    secrets: {
      clientId: 'WALLABAG#client_id',
      clientSecret: 'WALLABAG#client_secret',
      username: 'WALLABAG#username',
      password: 'WALLABAG#password',
    },
    credentials: {
      page: '/developer',
      steps: 'Make a new client; its id and secret go with your name and password',
      mayDo: 'do everything that you can do there',
    },
    normalizeTag: wallabagTagName,
    open: async ({ settings, ...rest }) =>
      (await import('./wallabag/wallabag.ts')).wallabag({ ...settings, ...rest }),
  }),
  linkding: service({
    title: 'linkding',
    settings: { url: addressSetting('LINKDING_URL') },
    secrets: { token: 'LINKDING_TOKEN' },
    credentials: {
      page: '/settings/integrations',
      steps: 'Take the token under REST API',
      mayDo: 'read and change all your bookmarks',
    },
    normalizeTag: linkdingTagName,
    ignoresCapitals: true,
    // https://github.com/sissbruecker/linkding, `Tag` in bookmarks/models.py; only SQLite takes longer ones.
    maxTagCharacters: 64,
    open: async ({ settings, ...rest }) => (await import('./linkding.ts')).linkding({ ...settings, ...rest }),
  }),
  linkwarden: service({
    title: 'Linkwarden',
    settings: {
      url: addressSetting('LINKWARDEN_URL'),
      collection: textSetting('LINKWARDEN_COLLECTION', {
        meaning: 'id of the collection to read: 0 for all of your own',
        byDefault: '0',
        pattern: /^\s*\d+\s*$/,
        problem: 'is not a collection; give its id from the address of its page, or 0 for all of your own',
      }),
    },
    secrets: { token: 'LINKWARDEN_TOKEN' },
    credentials: {
      page: '/settings/access-tokens',
      steps: 'Make a new access token, and choose how long it is valid',
      mayDo: 'do everything that you can do there',
    },
    normalizeTag: linkwardenTagName,
    // https://github.com/linkwarden/linkwarden, `UpdateLinkSchema` in packages/lib/schemaValidation.ts.
    maxTagCharacters: 50,
    open: async ({ settings, ...rest }) =>
      (await import('./linkwarden.ts')).linkwarden({ ...settings, ...rest }),
  }),
  shiori: service({
    title: 'Shiori',
    settings: { url: addressSetting('SHIORI_URL') },
    secrets: { username: 'SHIORI#username', password: 'SHIORI#password' },
    credentials: {
      steps: 'Take the name and the password of an account that is an owner; others may only read',
      mayDo: 'do everything on that server, with the accounts of others too',
    },
    normalizeTag: shioriTagName,
    open: async ({ settings, ...rest }) =>
      (await import('./shiori/shiori.ts')).shiori({ ...settings, ...rest }),
  }),
  omnivore: service({
    title: 'Omnivore',
    settings: { url: addressSetting('OMNIVORE_URL') },
    secrets: { token: 'OMNIVORE_TOKEN' },
    credentials: {
      steps: 'Open /settings/api at the address of its pages, and generate a key',
      mayDo: 'read and change everything that you have there',
    },
    normalizeTag: omnivoreTagName,
    ignoresCapitals: true,
    // https://github.com/omnivore-app/omnivore, `CreateLabelInput` in packages/api/src/schema.ts.
    maxTagCharacters: 64,
    open: async ({ settings, ...rest }) =>
      (await import('./omnivore/omnivore.ts')).omnivore({ ...settings, ...rest }),
  }),
} as const;

/** A value of `READING_LIST`. */
export type ServiceName = keyof typeof SERVICES;

/** The service of that name; `undefined` if there is none. */
export function serviceNamed(name: string): Service | undefined {
  return Object.hasOwn(SERVICES, name) ? SERVICES[name as ServiceName] : undefined;
}

/** Checks that the keys of a service's settings and secrets match its `open`, and hides their types. */
function service<SettingKey extends string, SecretKey extends string>(
  described: Service<SettingKey, SecretKey>,
): Service {
  return described;
}
