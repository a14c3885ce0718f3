/** The phrases, addresses and numbers by which walls, notices and errors are told. Each takes time linear in the text. */

export const NOT_FOUND_TITLE =
  /\b(?:404|410)\b|(?:page|site|article|content|document|url)\b.{0,20}\b(?:not found|unavailable|does ?n.t exist|no longer (?:exists|available))|^not found|^error\b|nicht gefunden|introuvable|no encontrad|non trovat|não encontrad|niet gevonden|не найден|找不到|不存在|未找到|見つかりません/i;
export const NOT_FOUND_TEXT =
  /page (?:you(?:.re| are| were|.ve)? .{0,30})?(?:can(?:.t|not|not) be found|could ?n.t be found|could not be found|was not found|not found|does ?n.t exist|does not exist|no longer exists|no longer available|has been (?:removed|deleted))|(?:this|the) (?:article|story|post|video|page|content) (?:is |has been |was )?(?:no longer available|removed|deleted|unavailable)|we can.t find (?:the|that) page|seite (?:wurde )?nicht gefunden|page (?:est )?introuvable|página no encontrada|pagina non trovata|página não encontrada|страница не найдена|页面不存在|您访问的页面|页面未找到|ページが見つかりません/i;
export const NEEDS_JAVASCRIPT =
  /(?:enable|turn on|activate|requires?|needs?|without|allow) (?:\w+ ){0,3}javascript|javascript (?:\w+ ){0,4}(?:disabled|required|enabled|not available|turned off)|javascript (?:aktivieren|ist deaktiviert)|activer javascript|activar javascript|habilite o javascript|включите javascript|开启javascript|启用 ?javascript|javascriptを有効/i;
export const CONSENT =
  /before you continue|we (?:and our (?:\d{1,4} )?partners|value your privacy|use cookies)|accept (?:all|cookies)|cookie (?:consent|settings|preferences)|your (?:privacy|consent)|consent to|wir benötigen ihre zustimmung|cookies akzeptieren|mit werbung weiterlesen|tout accepter|accepter et continuer|aceptar (?:todas|y continuar)|accetta (?:tutti|e continua)|alle cookies/i;
export const LOGIN =
  /(?:log ?in|sign ?in|sign ?up|register) (?:to|for|with|now)|(?:please|must|need to|have to) (?:log ?in|sign ?in|register)|create (?:an|your) account|forgot (?:your )?password|einloggen|anmelden|se connecter|connectez-vous|iniciar sesión|accedi|войдите|请登录|请先登录|登录后|ログインして/i;
export const LOGIN_TITLE =
  /^(?:log ?in|sign ?in|sign ?up|anmelden|connexion|iniciar sesión|accedi|вход|登录|ログイン)\b|log ?in\s*[|·–-]|sign ?in\s*[|·–-]/i;
/** Says that the rest of the text is for those who pay. */
export const PAYWALL =
  /subscri(?:be|bers?|ption)(?: \w+){0,6} (?:to (?:continue|read|access|unlock|keep)|only|exclusive)|(?:continue|keep) reading(?: \w+){0,5} (?:with|for|by|subscri|account|free)|(?:you need to|must|have to) subscribe|(?:this|the) (?:article|content|story) is (?:for|exclusive|available|reserved|only)(?: \w+){0,4} (?:subscribers|members)|\d free articles?|unlock (?:this|the full) (?:article|story|content|text)|jetzt weiterlesen|(?:nur )?für abonnenten|réservé aux abonnés|il vous reste|solo para suscriptores|suscríbete para|riservato agli abbonati|per gli abbonati|alleen voor abonnees|только для подписчиков|订阅后|付费阅读|付费内容|会員限定|有料会員/i;
/** Stands in the frame of many pages that are free: says something only beside a text that breaks off. */
export const PAYING =
  /subscri|already (?:a|have a|an) (?:subscri|member)|members? only|free articles?|unlock|abonn|abbonat|suscr[ií]|assinante|подписк|付费|会員/i;
export const BREAKS_OFF = /(?:…|\.{3})[\])]?\s{0,20}$/;
export const BLOCKED =
  /access denied|attention required|verify(?:ing)? (?:that )?you(?:.re| are) (?:a )?human|are you (?:a )?(?:human|robot)|checking (?:your browser|(?:if|that) the (?:site|connection))|just a moment|unusual (?:traffic|activity)|captcha|security check|pardon our interruption|request (?:was |has been )?blocked|403 forbidden|you have been blocked|访问过于频繁|安全验证|人机验证/i;

/** Of those who check for robots: scripts and frames by which their checks come. */
export const CHALLENGE_SOURCE =
  /captcha|challenges\.cloudflare\.com|\/cdn-cgi\/challenge-platform\/h\/|_incapsula_resource|px-c(?:dn|loud)\.net|perimeterx|arkoselabs|geetest|awswaf|ddos-guard|\/_sec\/cp_challenge|_____tmd_____|\.within\.website|kasada|datadome/i;
/** Of those who ask for consent in the name of sites. */
export const CONSENT_SOURCE =
  /privacy-mgmt|sourcepoint|privacy-center|didomi|usercentrics|consensu\.org|quantcast|trustarc|cookielaw|onetrust|cookiebot|iubenda|contentpass|guce|axeptio|\bcmp\b|consent/i;
/** The number of an HTTP error at the beginning of a title or a text. */
export const SERVER_ERROR = /^\D{0,20}\b5\d\d\b/;
export const NO_PAGE_ERROR = /^\D{0,20}\b4(?:04|10)\b/;
export const REFUSAL = /^\D{0,20}\b4(?:03|29)\b/;
