/**
 * Detects the language of a text, well enough to choose a reading speed: by its script if that is used by one language
 * only, else by its most common words.
 */

/** More characters do not change the result. */
const MAX_SAMPLE_CHARACTERS = 2000;
/** A text of fewer letters is too short to tell. */
const MIN_LETTERS = 20;
/** Share of all letters above which a script decides; lower for kana, since Japanese mixes them with Han and Latin. */
const MIN_SCRIPT_SHARE = 0.3;
const MIN_KANA_SHARE = 0.05;

const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['zh', /\p{Script=Han}/gu],
  ['he', /\p{Script=Hebrew}/gu],
  ['el', /\p{Script=Greek}/gu],
  ['th', /\p{Script=Thai}/gu],
  ['lo', /\p{Script=Lao}/gu],
  ['km', /\p{Script=Khmer}/gu],
  ['my', /\p{Script=Myanmar}/gu],
  ['hi', /\p{Script=Devanagari}/gu],
  ['bn', /\p{Script=Bengali}/gu],
  ['ta', /\p{Script=Tamil}/gu],
  ['te', /\p{Script=Telugu}/gu],
  ['ka', /\p{Script=Georgian}/gu],
  ['hy', /\p{Script=Armenian}/gu],
  ['am', /\p{Script=Ethiopic}/gu],
];

/** Letters that distinguish languages sharing a script. */
const SHARED_SCRIPTS: readonly {
  script: RegExp;
  otherwise: string;
  letters: readonly (readonly [string, RegExp])[];
}[] = [
  {
    script: /\p{Script=Arabic}/gu,
    otherwise: 'ar',
    letters: [
      ['ur', /[ٹڈڑںےہ]/g],
      ['fa', /[پچژگکی]/g],
    ],
  },
  {
    script: /\p{Script=Cyrillic}/gu,
    otherwise: 'ru',
    letters: [
      ['be', /ў/gi],
      ['uk', /[іїєґ]/gi],
      ['sr', /[ђјљњћџ]/gi],
    ],
  },
];
/** Share of the letters in that script above which such letters decide. */
const MIN_DISTINCTIVE_SHARE = 0.02;

/** The most common short words of each language in Latin script, preferably those that other languages lack. */
const COMMON_WORDS: Readonly<Record<string, string>> = {
  en: 'the and of to in is that it for was with as on are be this have from by not but you they which his were has an or at will would their what there been who more when can if said about we she he its',
  de: 'der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch',
  fr: 'de la le et les des en un du une que est pour qui dans par plus pas au sur ne se ce il sont avec son cette aux ou mais comme nous sa leur été être ont ses elle fait ces même deux aussi tout vous',
  es: 'de la que el en y los se del las un por con no una su para es al lo como más pero sus le ya este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso',
  it: 'di e il la che in a per un è del non una i della con le si da al come dei più nel alla sono gli anche ha ma lo dal delle questo nella ai o se su ci loro essere stato molto dalla sua suo tra degli',
  pt: 'de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter seus você são',
  nl: 'de en van het een in is dat op te zijn voor met die niet aan er om ook als dan maar bij uit nog naar door over ze hij wordt deze worden of meer heeft werd kan hebben al wel tot geen was zo we je',
  sv: 'och i att det som en på är av för med den till inte om ett han men var jag sig från vi så kan när år säger hon under också efter eller nu där vid mot ska skulle kommer ut får finns vara hade alla andra mycket än här då sedan över bara',
  da: 'og i at det en den til er som på de med han af for ikke der var et har om vi men sig ved blev så kan skal efter også fra eller nu havde hun over når mod ud være siger mere hvor blive meget ind jeg år kun alle deres',
  no: 'og i det er på til som en å for av at har med de ikke den han om et fra men var seg jeg vi så kan ble skal etter også eller nå hadde hun over når mot ut være sier mer hvor bli mye inn år bare alle deres opp noe',
  fi: 'ja on ei se että oli hän ovat mutta kun joka myös ole hänen tai kuin niin sen mukaan jo vain sekä noin jos nyt voi ollut mitä tämä kuitenkin sitä siitä joten eivät olla kanssa vuoden jälkeen tässä minä sanoo',
  pl: 'i w na z do się nie że jest to o jak po za od przez ale są dla tym przed które co może który także ich tylko był jego oraz było już tak czy ze być jednak bardzo roku będzie kiedy jej pod można',
  cs: 'a se v na je že o s z do i to za ve pro si by ale jsou jako po od které také který k už podle jen při aby byl roce však nebo co tak až jeho před bude být více má mezi než let',
  sk: 'a sa v na je že o s z do aj to za vo pre si by ale sú ako po od ktoré tiež ktorý už podľa len pri aby bol roku však alebo čo tak až jeho pred bude byť viac má medzi než rokov',
  sl: 'in je v na se da so za ki z pa ne tudi bi po ni pri kot iz s ali še kako od ko ter do bil bo le kar lahko ob sta zelo več že tako ker kjer med leta sem svoje biti ima pred',
  hr: 'i je u na se da su za od s a kako što koji ne će sa iz to bi ili po ali nije kao biti koje također samo godine više nakon još te ima koja prema prije bez može bio',
  tr: 'bir ve bu da de için ile çok olarak daha gibi ne var o sonra kadar olan ise en ama her değil mi oldu ben olduğunu ya yeni diye göre ancak dedi bunu hem tarafından olduğu nasıl iki önce kendi zaman şey',
  ro: 'de și a în la cu pe din că nu un o se este care pentru mai ca să au sunt al fi dar fost prin sau după ale lui ai fără până între această acest când foarte doar într',
  hu: 'a az és hogy nem is egy ez de meg volt csak már van el még azt ki ha mint vagy ami lehet nagyon majd szerint után kell lesz így minden mert sem pedig úgy amely között mit ezt most',
  id: 'yang dan di untuk dengan dari ini itu pada tidak dalam akan ke ada juga oleh saya sebagai bisa kami karena telah lebih para mereka adalah atau saat kita dia anda tersebut seperti menjadi sudah tahun hanya namun',
  vi: 'và của là có không được cho các một người trong này với những để đã khi từ đến như về ở tôi thì cũng ra còn lại sẽ nhiều sau nhưng vào năm',
  ca: 'de la el i que en a les els per un una del amb no és es al com dels va més són aquest han però seva també ser aquesta hi pels molt sobre entre quan fins ha',
};

/** Languages by word: a word of several languages counts as a vote for each. */
const languagesByWord = new Map<string, string[]>();
for (const [language, words] of Object.entries(COMMON_WORDS)) {
  for (const word of words.split(' '))
    languagesByWord.set(word, [...(languagesByWord.get(word) ?? []), language]);
}
/** If fewer of a text's words are common words of the best language, it is in a language not listed. */
const MIN_COMMON_SHARE = 0.12;
const MIN_WORDS = 5;

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

const byScript = (text: string, letters: number): string | undefined => {
  for (const [language, pattern] of SCRIPTS) {
    const share = language === 'ja' ? MIN_KANA_SHARE : MIN_SCRIPT_SHARE;
    if (countOf(text, pattern) > letters * share) return language;
  }
  for (const { script, otherwise, letters: distinctive } of SHARED_SCRIPTS) {
    const inScript = countOf(text, script);
    if (inScript <= letters * MIN_SCRIPT_SHARE) continue;
    return (
      distinctive.find(([, pattern]) => countOf(text, pattern) > inScript * MIN_DISTINCTIVE_SHARE)?.[0] ??
      otherwise
    );
  }
  return undefined;
};

const byCommonWords = (text: string): string | undefined => {
  const votes = new Map<string, number>();
  const words = [...text.toLowerCase().matchAll(/\p{L}+/gu)];
  for (const [word] of words) {
    for (const language of languagesByWord.get(word) ?? [])
      votes.set(language, (votes.get(language) ?? 0) + 1);
  }
  const [best] = [...votes].sort(([, a], [, b]) => b - a);
  return best && words.length >= MIN_WORDS && best[1] >= words.length * MIN_COMMON_SHARE
    ? best[0]
    : undefined;
};

/**
 * The language of a text as a BCP 47 primary language (`en`, `zh`); undefined where the text is too short to say
 * or in a language not known here.
 */
export const detectLanguage = (text: string): string | undefined => {
  const sample = text.slice(0, MAX_SAMPLE_CHARACTERS);
  const letters = countOf(sample, /\p{L}/gu);
  const language = byScript(sample, letters);
  return language ?? (letters < MIN_LETTERS ? undefined : byCommonWords(sample));
};
