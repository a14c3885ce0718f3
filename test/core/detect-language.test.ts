import assert from 'node:assert/strict';
import fc from 'fast-check';
import { detectLanguage } from '../../lib/core/detect-language.ts';

/** Any code points, halves of characters among them. `fc.string({ unit: 'binary' })` takes a second to begin. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 300 })
  .map((codes) => String.fromCodePoint(...codes));

describe('detectLanguage', () => {
  /** A sentence of each language, so that those that are written alike are told from one another. */
  const sentences: Readonly<Record<string, string>> = {
    en: 'The cat sat on the mat and looked at the rain, which had not stopped for days.',
    de: 'Die Katze saß auf dem Dach und sah dem Regen zu, der nicht aufhören wollte.',
    fr: 'Le chat était assis sur le toit et regardait la pluie qui ne voulait pas cesser.',
    es: 'El gato estaba sentado en el tejado y miraba la lluvia que no quería parar.',
    it: 'Il gatto era seduto sul tetto e guardava la pioggia che non voleva smettere.',
    pt: 'O gato estava sentado no telhado e olhava a chuva que não queria parar.',
    nl: 'De kat zat op het dak en keek naar de regen die niet wilde ophouden.',
    sv: 'Katten satt på taket och tittade på regnet som inte ville sluta.',
    da: 'Katten sad på taget og så på regnen, som ikke ville holde op efter tre dage.',
    fi: 'Kissa istui katolla ja katseli sadetta, joka ei ollut loppunut, mutta se oli jo ilta.',
    pl: 'Kot siedział na dachu i patrzył na deszcz, który nie chciał się skończyć.',
    cs: 'Kočka seděla na střeše a dívala se na déšť, který už nechtěl přestat.',
    sl: 'Mačka je sedela na strehi in gledala dež, ki se ni hotel ustaviti.',
    tr: 'Kedi çatıda oturdu ve bir türlü durmayan yağmura baktı, çok güzel bir gündü.',
    ru: 'Кошка сидела на крыше и смотрела на дождь.',
    uk: 'Кішка сиділа на даху і дивилася на дощ, який ніяк не вщухав.',
    ar: 'جلست القطة على السطح ونظرت إلى المطر.',
    fa: 'گربه روی پشت بام نشسته بود و به باران نگاه می‌کرد.',
    he: 'החתול ישב על הגג והביט בגשם.',
    zh: '猫坐在屋顶上看着雨。',
    ja: '猫は屋根の上に座って雨を見ていた。',
    ko: '고양이는 지붕 위에 앉아 비를 바라보았다.',
    el: 'Η γάτα καθόταν στη στέγη.',
    hi: 'बिल्ली छत पर बैठी थी।',
    th: 'แมวนั่งอยู่บนหลังคาและมองดูฝน',
    lo: 'ແມວນັ່ງຢູ່ເທິງຫຼັງຄາ ແລະ ເບິ່ງຝົນ',
    km: 'ឆ្មាអង្គុយលើដំបូលហើយមើលភ្លៀង',
    my: 'ကြောင်သည် ခေါင်မိုးပေါ်တွင် ထိုင်နေသည်။',
    bn: 'বিড়ালটি ছাদে বসে বৃষ্টি দেখছিল।',
    ta: 'பூனை கூரையில் அமர்ந்து மழையைப் பார்த்தது.',
    te: 'పిల్లి పైకప్పు మీద కూర్చుని వర్షాన్ని చూసింది.',
    ka: 'კატა სახურავზე იჯდა და წვიმას უყურებდა.',
    hy: 'Կատուն նստած էր տանիքին և նայում էր անձրևին։',
    am: 'ድመቷ ጣሪያው ላይ ተቀምጣ ዝናቡን ተመለከተች።',
    ur: 'بلی چھت پر بیٹھی تھی اور بارش کو دیکھ رہی تھی، جو رکتی ہی نہیں تھی۔',
    sr: 'Мачка је седела на крову и гледала кишу која није хтела да престане.',
    be: 'Кошка сядзела на даху і глядзела на дождж, які не хацеў сціхаць, бо ішоў увесь дзень.',
    no: 'Katten satt på taket og så på regnet, som ikke ville slutte etter tre dager, og noe mer ble det opp.',
    sk: 'Mačka sedela na streche a pozerala sa na dážď, ktorý sa už tri roky nechcel zastaviť, ale aj tak sú po ňom.',
    hr: 'Mačka je sjedila na krovu i gledala kišu koja nije htjela prestati, a što će biti nakon toga, ne zna se.',
    ro: 'Pisica stătea pe acoperiș și se uita la ploaia care nu mai voia să se oprească, dar nu a fost așa.',
    hu: 'A macska a tetőn ült és nézte az esőt, amely nem akart elállni, de már csak egy napig esett.',
    id: 'Kucing itu duduk di atap dan melihat hujan yang tidak mau berhenti pada hari ini dengan mereka.',
    vi: 'Con mèo ngồi trên mái nhà và nhìn mưa rơi, trời đã mưa nhiều ngày và không có nắng.',
    ca: 'El gat seia a la teulada i mirava la pluja, que no volia parar, però els dies són llargs i aquest més.',
  };
  for (const [language, text] of Object.entries(sentences))
    it(`knows a sentence in ${language}`, () => assert.equal(detectLanguage(text), language));

  const rows: readonly (readonly [language: string | undefined, text: string, reason: string])[] = [
    ['zh', 'GPT 模型在 2024 年发布,支持 API 调用和多种语言。', 'names in Latin letters do not outvote Han'],
    [
      'ru',
      'Буква ґ в русском тексте встречается редко, и одна такая буква не делает его украинским, как и две.',
      'a single letter of a neighbour',
    ],
    ['ja', '東京都千代田区霞が関一丁目', 'a little kana is enough beside Han'],
    ['en', 'The cat sat on the mat of 王小明 and looked at the rain outside.', 'a name in Han is not'],
    [undefined, 'abcdefg 王小明', 'three letters of ten in Han do not decide'],
    [undefined, 'abcdefg жжж', 'nor do three of ten in a script that languages share'],
    ['ru', `${'ж'.repeat(49)}ґ`, 'one letter of fifty is a neighbour’s'],
    ['uk', `${'ж'.repeat(48)}ґ`, 'one letter of forty-nine tells'],
    ['en', 'the international and of rain', 'five words are enough'],
    [undefined, 'the international and rain', 'four are not'],
    ['en', 'it is on the cats mats and', 'twenty letters are enough'],
    [undefined, 'it is on the cats mats an', 'nineteen are not'],
    ['en', `it is that ${'kvxq '.repeat(22)}`, 'three common words in twenty-five'],
    [undefined, `it is that ${'kvxq '.repeat(23)}`, 'three in twenty-six'],
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
      fc.property(anyText, (text) => {
        assert.match(detectLanguage(text) ?? 'en', /^[a-z]{2}$/);
      }),
    );
  });

  it('does not depend on what follows a long beginning', () => {
    const english = 'It was one of those days on which nothing would go as they had planned. '.repeat(100);
    assert.equal(detectLanguage(english + 'ж'.repeat(100_000)), 'en');
  });
});
