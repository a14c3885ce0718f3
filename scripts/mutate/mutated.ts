/** Files that are mutated together, and the tests that are to tell. Globs within `lib/` and `test/`, without `.ts` and `.test.ts`. */
export type Part = {
  readonly files: readonly string[];
  readonly tests: readonly string[];
  /** Each mutant gets a process of its own and all tests, since the code keeps what it worked out, or is loaded late. */
  readonly remembers?: boolean;
};

/** A folder of `lib/`. A file belongs to the first part that names it. */
export type Mutated = {
  readonly folder: string;
  /** The least share of mutants that must be killed: 0 to 100. */
  readonly leastKilled: number;
  readonly parts: readonly Part[];
};

/**
 * A mutant in what runs when a file is loaded is tried with all tests of its part, any other with those that reach
 * it: so small parts are fast.
 */
export const MUTATED: readonly Mutated[] = [
  {
    folder: 'core',
    leastKilled: 95,
    parts: [
      { files: ['core/count-words'], tests: ['core/count-words'], remembers: true },
      // Not core/purity: it reads the code as text, which a mutant changes.
      { files: ['core/**/*'], tests: ['core/!(purity|count-words)'] },
    ],
  },
  {
    folder: 'secrets',
    leastKilled: 85,
    parts: [{ files: ['secrets/**/*'], tests: ['secrets/**/*', 'secrets-in-a-run'] }],
  },
  {
    folder: 'web',
    leastKilled: 85,
    parts: [
      {
        files: ['web/fetching/{page-answer,page-url,public-address,refusal}'],
        tests: ['web/fetching/*'],
      },
      { files: ['web/{fetch,read}-page', 'web/fetching/*'], tests: ['web/{fetch-page*,read-page}'] },
      ...['article', 'decode', 'html', 'pdf'].map((name) => ({
        files: [`web/${name}-*`],
        tests: [`web/${name}-*`],
      })),
      // Loaded at the first request, so that only one test seems to reach it.
      { files: ['web/axios-client'], tests: ['web/request'], remembers: true },
      {
        files: ['web/*'],
        tests: ['web/!({article,decode,fetch,html,pdf,read}-*)'],
      },
      { files: ['web/article/{*-rules,html-tags}'], tests: ['web/article/*'], remembers: true },
      // Its numbers are the model's: what comes of them is seen only in the text that is found.
      { files: ['web/article/block-model'], tests: ['web/article-text'] },
      { files: ['web/article/*'], tests: ['web/article/*'] },
    ],
  },
  {
    folder: 'reading-lists',
    leastKilled: 85,
    parts: [
      ...['instapaper', 'karakeep', 'linkding', 'raindrop', 'readeck', 'readwise', 'wallabag'].map(
        (service) => ({
          files: [`reading-lists/${service}*`],
          tests: [`reading-lists/${service}*`, 'reading-lists/{rows,services,tag-names}'],
        }),
      ),
      {
        files: ['reading-lists/pocket*'],
        tests: ['reading-lists/{pocket*,published-schemas,tag-names}', 'settings'],
      },
      { files: ['reading-lists/service'], tests: ['reading-lists/service', 'settings'] },
      { files: ['reading-lists/**/*'], tests: ['reading-lists/**/*'] },
    ],
  },
];
