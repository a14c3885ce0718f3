/** What the first words of a block say about it, in the languages most saved. Evidence only, as `NAME_RULES` is. */

export type PhraseRule = { readonly name: string; readonly reason: string; readonly pattern: RegExp };

export const PHRASE_RULES: readonly PhraseRule[] = [
  {
    name: 'elsewhere',
    reason: 'points to another article',
    pattern:
      /^(?:read (?:more|also|next|the full)|also read|see also|see more|related|more (?:on|from|stories|in)|recommended|don.t miss|you (?:may|might)|watch:|most (?:read|popular|viewed)|popular|trending|latest|recent|up next|next|previous|click here|continue reading|further reading|lire aussi|à lire|mehr (?:zum|zu)|lesen sie|auch interessant|weitere|das könnte|leia|veja também|lea|te puede|leggi anche|lees ook|czytaj|zobacz|читайте|подробнее|по теме|похожие|相关|推荐|延伸阅读|阅读更多|上一篇|下一篇|热门|関連|あわせて|おすすめ|اقرأ)/,
  },
  {
    name: 'legal',
    reason: 'the small print at the end of a site',
    pattern:
      /©|^copyright|all rights reserved|alle rechte|tous droits|todos los derechos|terms of (?:use|service)|privacy policy|版权|免责|声明|无断转载|無断転載|icp备|все права/,
  },
  {
    name: 'subscribe',
    reason: 'asks for an address, a login, a subscription or money',
    pattern:
      /^(?:sign (?:up|in)|log ?in|subscribe|register|join (?:us|our|the|now)|get (?:the|our|your|all)|follow (?:us|me)|newsletter|enter your|your email|already a|become a|support (?:us|our)|donate|download (?:the|our)|abonn|jetzt|melden sie|suscr|inscri|iscriviti|подпи|登录|注册|订阅|关注|扫码|扫一扫|ログイン|会員)/,
  },
  {
    name: 'credit',
    reason: 'who wrote, edited, drew or photographed it',
    pattern:
      /^(?:by |written by|posted by|published|updated|last updated|reporting by|editing by|edited by|photo|image|picture|credit|source|author|about the author|written|von |foto|bild|quelle|par |photo|crédit|por |fuente|autor|di |fonte|автор|фото|источник|来源|作者|记者|编辑|责任编辑|责编|文\/|图\/|文章来源|写真|撮影|出典)/,
  },
  {
    name: 'advertising',
    reason: 'says that it is advertising',
    pattern:
      /^(?:advertis|sponsor|promot|paid|anzeige|werbung|publicité|publicidad|реклама|广告|広告|スポンサー|story continues|article continues|loading|continue below)/,
  },
  {
    name: 'comments',
    reason: 'belongs to readers, not to the author',
    pattern:
      /^(?:\d{0,6} ?comments?\b|leave a (?:reply|comment)|post a comment|add (?:a )?comment|reply|join the (?:conversation|discussion)|kommentar|commentaires|comentarios|комментар|评论|发表评论|网友|コメント|report abuse|share|tweet|like|print|email|分享|点赞|收藏)/,
  },
  {
    name: 'consent',
    reason: 'asks for consent or for a browser that can do more',
    pattern: /cookie|consent|gdpr|enable javascript|javascript is|browser|adblock|ad blocker/,
  },
  {
    name: 'about',
    reason: 'topics, dates and contact of the article',
    pattern:
      /^(?:tags?|topics?|filed under|categor|posted in|keywords|share this|contact|about|follow|schlagw|mots|etiquetas|теги|标签|タグ|date|first published)\b/,
  },
];

const MAX_SEARCHED_CHARACTERS = 80;

/** The phrase rules that the beginning of a text matches: bit n stands for `PHRASE_RULES[n]`. */
export const matchPhrases = (text: string): number => {
  const start = text.slice(0, MAX_SEARCHED_CHARACTERS).toLowerCase();
  let bits = 0;
  for (let at = 0; at < PHRASE_RULES.length; at++) {
    if (PHRASE_RULES[at]?.pattern.test(start)) bits |= 1 << at;
  }
  return bits;
};
