/**
 * What the names that pages give their elements (class, id, role, itemprop) say about the text inside. This is
 * the one table of such rules. A rule decides nothing by itself: it is evidence for the models.
 */

export type NameRule = {
  readonly name: string;
  /** What the rule says of the text: the article's own, somebody else's, or either. */
  readonly says: 'article' | 'boilerplate' | 'either';
  readonly reason: string;
  /** Parts of a name, hyphens and underscores taken out: `relatedpost` is also in `js-related-posts`. */
  readonly stems: string;
  /** Whole words of a name, for those too short to match inside others: `ad` is in `reading`. */
  readonly words: string;
};

export const NAME_RULES: readonly NameRule[] = [
  {
    name: 'body',
    says: 'article',
    reason: 'what themes and content systems call the text itself',
    stems:
      'articlebody storybody entrycontent postcontent postbody articlecontent articletext contentbody bodycontent storycontent storytext bodytext richtext bodycopy articlecopy markdown fulltext newscontent newstext entrybody entrytext posttext blogcontent blogpost singlecontent detailcontent contentdetail contentarticle pagecontent textcontent wysiwyg gutenberg mwparser newsbody newsdetail contenttext mainarticle fullarticle articlemain articlewrapper paragraph',
    words: 'prose copy rte paragraphs artical',
  },
  {
    name: 'content',
    says: 'article',
    reason: 'a weaker name for where the text is, also used for wrappers of everything',
    stems: 'article content story entry hentry',
    words: 'post main text blog body page news single',
  },
  {
    name: 'comments',
    says: 'boilerplate',
    reason: "readers' comments are not what the reader saved",
    stems: 'comment disqus respond replies discussion livefyre fbcomments guestbook',
    words: 'reply thread feedback',
  },
  {
    name: 'related',
    says: 'boilerplate',
    reason: 'teasers of other articles',
    stems:
      'related recommend readmore morefrom morestories outbrain taboola popular trending mostread mostviewed latest recirc suggest youmay upnext readnext nextarticle seealso similar alsoread zergnet revcontent previouspost nextpost adjacent furtherreading bestof topstories moreon',
    words: 'more next prev previous also recent hot',
  },
  {
    name: 'navigation',
    says: 'boilerplate',
    reason: 'ways to elsewhere',
    stems:
      'navigation navbar navmenu breadcrumb pagination pager menu sitemap sitenav subnav topnav skiplink jumpto',
    words: 'nav tabs tab crumbs crumb skip links paging',
  },
  {
    name: 'contents',
    says: 'boilerplate',
    reason: 'a table of contents repeats the headings',
    stems: 'tableofcontents tocbox ezt',
    words: 'toc contents',
  },
  {
    name: 'header',
    says: 'boilerplate',
    reason: 'the top of the site, or the head of the article',
    stems: 'masthead topbar header banner',
    words: 'head hdr top hero',
  },
  {
    name: 'footer',
    says: 'boilerplate',
    reason: 'the end of the site, or the foot of the article',
    stems: 'footer copyright colophon contentinfo legal',
    words: 'foot ftr bottom',
  },
  {
    name: 'sidebar',
    says: 'boilerplate',
    reason: 'what stands beside the article',
    stems: 'sidebar complementary widget rightcol leftcol rightrail secondary tertiary colright colleft',
    words: 'side aside rail right left tertiary',
  },
  {
    name: 'share',
    says: 'boilerplate',
    reason: 'buttons to share or follow',
    stems: 'share sharing social addthis facebook twitter whatsapp pinterest followus',
    words: 'follow sns fb tweet',
  },
  {
    name: 'advertising',
    says: 'boilerplate',
    reason: 'advertising and what the site sells',
    stems:
      'advert sponsor promo adslot adunit adbox dfp googletag adcontainer adwrapper affiliate commercial adsense partner marketing',
    words: 'ad ads gpt mpu leaderboard cta offer',
  },
  {
    name: 'newsletter',
    says: 'boilerplate',
    reason: 'asks for an address or a subscription',
    stems: 'newsletter subscri signup mailchimp optin mailinglist emailsign donat membership',
    words: 'email mc subscribe join',
  },
  {
    name: 'account',
    says: 'boilerplate',
    reason: 'walls and forms for members',
    stems: 'paywall login signin regwall register meteredwall piano premium loggedout',
    words: 'account user member profile gate',
  },
  {
    name: 'consent',
    says: 'boilerplate',
    reason: 'asks for consent, or gives legal notice',
    stems: 'cookie consent gdpr privacy onetrust ccpa disclaimer',
    words: 'terms notice',
  },
  {
    name: 'overlay',
    says: 'boilerplate',
    reason: 'lies over the page until it is called or closed',
    stems: 'modal popup overlay dialog tooltip drawer offcanvas lightbox dropdown popover toast',
    words: 'alert menu',
  },
  {
    name: 'hidden',
    says: 'boilerplate',
    reason: 'not shown to readers',
    stems: 'hidden screenreader sronly visuallyhidden assistive noprint printonly offscreen displaynone',
    words: 'hide invisible print noscript sr',
  },
  {
    name: 'author',
    says: 'boilerplate',
    reason: 'who wrote it',
    stems: 'author byline biograph contributor aboutthe',
    words: 'bio writer reporter by vcard',
  },
  {
    name: 'about',
    says: 'boilerplate',
    reason: 'date, place, topics and counts of the article',
    stems:
      'timestamp publish postmeta entrymeta articlemeta pubdate datetime dateline category categories keyword topics taglist posttag metadata',
    words: 'meta date time info tags tag cat label labels kicker section views rating',
  },
  {
    name: 'caption',
    says: 'either',
    reason: 'words under a picture; annotators do not agree on them',
    stems: 'caption figure gallery photocredit slideshow imagecredit',
    words: 'credit photo image img picture media video player legend',
  },
  {
    name: 'card',
    says: 'boilerplate',
    reason: 'one of many: teasers, products, slides',
    stems:
      'teaser carousel slider swiper thumbnail listing masonry slick owl summaryitem postitem feeditem excerpt',
    words: 'card cards item items list grid tile thumb feed loop slide block module component unit row col',
  },
  {
    name: 'headline',
    says: 'either',
    reason: 'the title; some truths hold it and some do not',
    stems: 'headline entrytitle posttitle articletitle pagetitle heading',
    words: 'title hed h1',
  },
  {
    name: 'lead',
    says: 'either',
    reason: 'the summary over the text',
    stems: 'summary standfirst subtitle subhead description synopsis strapline keypoint takeaway',
    words: 'lead dek deck intro lede sub desc abstract',
  },
  {
    name: 'product',
    says: 'boilerplate',
    reason: 'things to buy',
    stems: 'product price coupon addtocart shopping checkout woocommerce wishlist',
    words: 'shop buy cart deal deals sku specs',
  },
  {
    name: 'quote',
    says: 'either',
    reason: 'a pull quote repeats the text',
    stems: 'pullquote blockquote quotation',
    words: 'quote quotes',
  },
  {
    name: 'notes',
    says: 'either',
    reason: 'references and footnotes',
    stems: 'footnote reference citation bibliograph endnote reflist editsection',
    words: 'notes refs cite source sources',
  },
  {
    name: 'box',
    says: 'either',
    reason: 'boxes set into the text',
    stems: 'infobox factbox callout inset accordion factsheet navbox metadata',
    words: 'box note faq embed question',
  },
  {
    name: 'form',
    says: 'boilerplate',
    reason: 'something to fill in',
    stems: 'search filter captcha wpcf contactform survey quiz',
    words: 'form input poll vote',
  },
  {
    name: 'ticker',
    says: 'boilerplate',
    reason: 'news, prices or weather that change by themselves',
    stems: 'ticker stockquote weather marketdata scoreboard livescore timeline breaking',
    words: 'live stock stocks scores',
  },
];

/** The bit of a rule, by its name. */
export const nameRuleBit = (name: string): number => 1 << NAME_RULES.findIndex((rule) => rule.name === name);

/** The bits of all rules that say the same. */
export const nameRuleBits = (says: NameRule['says']): number =>
  NAME_RULES.reduce((bits, rule, at) => (rule.says === says ? bits | (1 << at) : bits), 0);
