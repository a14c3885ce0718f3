/**
 * What the names that pages give their elements (class, id, role, itemprop) say about the text inside. This is
 * the one table of such rules. A rule decides nothing by itself: it is evidence for the models.
 */

export type NameRule = {
  readonly name: string;
  /** What the rule says of the text: the article's own, somebody else's, or either. */
  readonly says: 'article' | 'boilerplate' | 'either';
  readonly reason: string;
  /**
   * Before the bar, parts of a name, hyphens and underscores taken out: `relatedpost` is also in
   * `js-related-posts`. Behind it, whole words, for those too short to match inside others: `ad` is in `reading`.
   */
  readonly names: string;
};

export const NAME_RULES: readonly NameRule[] = [
  {
    name: 'body',
    says: 'article',
    reason: 'what themes and content systems call the text itself',
    names:
      'articlebody storybody entrycontent postcontent postbody articlecontent articletext contentbody bodycontent storycontent storytext bodytext richtext bodycopy articlecopy markdown fulltext newscontent newstext entrybody entrytext posttext blogcontent blogpost singlecontent detailcontent contentdetail contentarticle pagecontent textcontent wysiwyg gutenberg mwparser newsbody newsdetail contenttext mainarticle fullarticle articlemain articlewrapper paragraph | prose copy rte paragraphs artical',
  },
  {
    name: 'content',
    says: 'article',
    reason: 'a weaker name for where the text is, also used for wrappers of everything',
    names: 'article content story entry hentry | post main text blog body page news single',
  },
  {
    name: 'comments',
    says: 'boilerplate',
    reason: "readers' comments are not what the reader saved",
    names: 'comment disqus respond replies discussion livefyre fbcomments guestbook | reply thread feedback',
  },
  {
    name: 'related',
    says: 'boilerplate',
    reason: 'teasers of other articles',
    names:
      'related recommend readmore morefrom morestories outbrain taboola popular trending mostread mostviewed latest recirc suggest youmay upnext readnext nextarticle seealso similar alsoread zergnet revcontent previouspost nextpost adjacent furtherreading bestof topstories moreon | more next prev previous also recent hot',
  },
  {
    name: 'navigation',
    says: 'boilerplate',
    reason: 'ways to elsewhere',
    names:
      'navigation navbar navmenu breadcrumb pagination pager menu sitemap sitenav subnav topnav skiplink jumpto | nav tabs tab crumbs crumb skip links paging',
  },
  {
    name: 'contents',
    says: 'boilerplate',
    reason: 'a table of contents repeats the headings',
    names: 'tableofcontents tocbox ezt | toc contents',
  },
  {
    name: 'header',
    says: 'boilerplate',
    reason: 'the top of the site, or the head of the article',
    names: 'masthead topbar header banner | head hdr top hero',
  },
  {
    name: 'footer',
    says: 'boilerplate',
    reason: 'the end of the site, or the foot of the article',
    names: 'footer copyright colophon contentinfo legal | foot ftr bottom',
  },
  {
    name: 'sidebar',
    says: 'boilerplate',
    reason: 'what stands beside the article',
    names:
      'sidebar complementary widget rightcol leftcol rightrail secondary tertiary colright colleft | side aside rail right left tertiary',
  },
  {
    name: 'share',
    says: 'boilerplate',
    reason: 'buttons to share or follow',
    names: 'share sharing social addthis facebook twitter whatsapp pinterest followus | follow sns fb tweet',
  },
  {
    name: 'advertising',
    says: 'boilerplate',
    reason: 'advertising and what the site sells',
    names:
      'advert sponsor promo adslot adunit adbox dfp googletag adcontainer adwrapper affiliate commercial adsense partner marketing | ad ads gpt mpu leaderboard cta offer',
  },
  {
    name: 'newsletter',
    says: 'boilerplate',
    reason: 'asks for an address or a subscription',
    names:
      'newsletter subscri signup mailchimp optin mailinglist emailsign donat membership | email mc subscribe join',
  },
  {
    name: 'account',
    says: 'boilerplate',
    reason: 'walls and forms for members',
    names:
      'paywall login signin regwall register meteredwall piano premium loggedout | account user member profile gate',
  },
  {
    name: 'consent',
    says: 'boilerplate',
    reason: 'asks for consent, or gives legal notice',
    names: 'cookie consent gdpr privacy onetrust ccpa disclaimer | terms notice',
  },
  {
    name: 'overlay',
    says: 'boilerplate',
    reason: 'lies over the page until it is called or closed',
    names: 'modal popup overlay dialog tooltip drawer offcanvas lightbox dropdown popover toast | alert menu',
  },
  {
    name: 'hidden',
    says: 'boilerplate',
    reason: 'not shown to readers',
    names:
      'hidden screenreader sronly visuallyhidden assistive noprint printonly offscreen displaynone | hide invisible print noscript sr',
  },
  {
    name: 'author',
    says: 'boilerplate',
    reason: 'who wrote it',
    names: 'author byline biograph contributor aboutthe | bio writer reporter by vcard',
  },
  {
    name: 'about',
    says: 'boilerplate',
    reason: 'date, place, topics and counts of the article',
    names:
      'timestamp publish postmeta entrymeta articlemeta pubdate datetime dateline category categories keyword topics taglist posttag metadata | meta date time info tags tag cat label labels kicker section views rating',
  },
  {
    name: 'caption',
    says: 'either',
    reason: 'words under a picture; annotators do not agree on them',
    names:
      'caption figure gallery photocredit slideshow imagecredit | credit photo image img picture media video player legend',
  },
  {
    name: 'card',
    says: 'boilerplate',
    reason: 'one of many: teasers, products, slides',
    names:
      'teaser carousel slider swiper thumbnail listing masonry slick owl summaryitem postitem feeditem excerpt | card cards item items list grid tile thumb feed loop slide block module component unit row col',
  },
  {
    name: 'headline',
    says: 'either',
    reason: 'the title; some truths hold it and some do not',
    names: 'headline entrytitle posttitle articletitle pagetitle heading | title hed h1',
  },
  {
    name: 'lead',
    says: 'either',
    reason: 'the summary over the text',
    names:
      'summary standfirst subtitle subhead description synopsis strapline keypoint takeaway | lead dek deck intro lede sub desc abstract',
  },
  {
    name: 'product',
    says: 'boilerplate',
    reason: 'things to buy',
    names:
      'product price coupon addtocart shopping checkout woocommerce wishlist | shop buy cart deal deals sku specs',
  },
  {
    name: 'quote',
    says: 'either',
    reason: 'a pull quote repeats the text',
    names: 'pullquote blockquote quotation | quote quotes',
  },
  {
    name: 'notes',
    says: 'either',
    reason: 'references and footnotes',
    names:
      'footnote reference citation bibliograph endnote reflist editsection | notes refs cite source sources',
  },
  {
    name: 'box',
    says: 'either',
    reason: 'boxes set into the text',
    names: 'infobox factbox callout inset accordion factsheet navbox metadata | box note faq embed question',
  },
  {
    name: 'form',
    says: 'boilerplate',
    reason: 'something to fill in',
    names: 'search filter captcha wpcf contactform survey quiz | form input poll vote',
  },
  {
    name: 'ticker',
    says: 'boilerplate',
    reason: 'news, prices or weather that change by themselves',
    names:
      'ticker stockquote weather marketdata scoreboard livescore timeline breaking | live stock stocks scores',
  },
];

/** The bit of a rule, by its name. */
export const nameRuleBit = (name: string): number => 1 << NAME_RULES.findIndex((rule) => rule.name === name);

/** The bits of all rules that say the same. */
export const nameRuleBits = (says: NameRule['says']): number =>
  NAME_RULES.reduce((bits, rule, at) => (rule.says === says ? bits | (1 << at) : bits), 0);
