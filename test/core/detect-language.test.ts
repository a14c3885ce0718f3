import assert from 'node:assert/strict';
import fc from 'fast-check';
import { detectLanguage } from '../../lib/core/detect-language.ts';

describe('detectLanguage', () => {
  const rows: readonly (readonly [language: string | undefined, text: string, reason: string])[] = [
    ['en', 'The cat sat on the mat and looked at the rain, which had not stopped for days.', 'common words'],
    ['de', 'Die Katze saß auf dem Dach und sah dem Regen zu, der nicht aufhören wollte.', 'common words'],
    [
      'fr',
      'Le chat était assis sur le toit et regardait la pluie qui ne voulait pas cesser.',
      'common words',
    ],
    ['es', 'El gato estaba sentado en el tejado y miraba la lluvia que no quería parar.', 'common words'],
    ['it', 'Il gatto era seduto sul tetto e guardava la pioggia che non voleva smettere.', 'common words'],
    ['pt', 'O gato estava sentado no telhado e olhava a chuva que não queria parar.', 'common words'],
    ['nl', 'De kat zat op het dak en keek naar de regen die niet wilde ophouden.', 'common words'],
    ['sv', 'Katten satt på taket och tittade på regnet som inte ville sluta.', 'near Danish and Norwegian'],
    ['da', 'Katten sad på taget og så på regnen, som ikke ville holde op efter tre dage.', 'near Norwegian'],
    [
      'fi',
      'Kissa istui katolla ja katseli sadetta, joka ei ollut loppunut, mutta se oli jo ilta.',
      'few short words',
    ],
    ['pl', 'Kot siedział na dachu i patrzył na deszcz, który nie chciał się skończyć.', 'common words'],
    ['cs', 'Kočka seděla na střeše a dívala se na déšť, který už nechtěl přestat.', 'near Slovak'],
    ['sl', 'Mačka je sedela na strehi in gledala dež, ki se ni hotel ustaviti.', 'in the table of speeds'],
    ['tr', 'Kedi çatıda oturdu ve bir türlü durmayan yağmura baktı, çok güzel bir gündü.', 'common words'],
    ['ru', 'Кошка сидела на крыше и смотрела на дождь.', 'script'],
    ['uk', 'Кішка сиділа на даху і дивилася на дощ, який ніяк не вщухав.', 'letters that Russian lacks'],
    ['ar', 'جلست القطة على السطح ونظرت إلى المطر.', 'script'],
    ['fa', 'گربه روی پشت بام نشسته بود و به باران نگاه می‌کرد.', 'letters that Arabic lacks'],
    ['he', 'החתול ישב על הגג והביט בגשם.', 'script'],
    ['zh', '猫坐在屋顶上看着雨。', 'Han without kana'],
    ['ja', '猫は屋根の上に座って雨を見ていた。', 'kana'],
    ['ko', '고양이는 지붕 위에 앉아 비를 바라보았다.', 'script'],
    ['el', 'Η γάτα καθόταν στη στέγη.', 'script'],
    ['hi', 'बिल्ली छत पर बैठी थी।', 'script'],
    ['zh', 'GPT 模型在 2024 年发布,支持 API 调用和多种语言。', 'names in Latin letters do not outvote Han'],
    [undefined, '', 'nothing to go by'],
    [undefined, '12345 67890 --- !!!', 'no letters'],
    [undefined, 'Palm Bay', 'too short to say'],
    [undefined, 'kvxq wzzt plmr ghtr bnvc xcvb qwrt zxcv', 'no language has such words'],
  ];
  for (const [language, text, reason] of rows) {
    it(`takes ${JSON.stringify(text.slice(0, 30))} for ${language}: ${reason}`, () => {
      assert.equal(detectLanguage(text), language);
    });
  }

  it('gives a two-letter name or nothing, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        assert.match(detectLanguage(text) ?? 'en', /^[a-z]{2}$/);
      }),
    );
  });

  it('does not depend on what follows a long beginning', () => {
    const english = 'It was one of those days on which nothing would go as they had planned. '.repeat(100);
    assert.equal(detectLanguage(english + 'ж'.repeat(100_000)), 'en');
  });
});
