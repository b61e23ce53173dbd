import { deliver } from './deliver';
import { COMPAT, Payload } from './options';

/** Engaged time that is worth an event of its own, in ms. */
const WORTH = 3000;

/** The page that is looked at; nothing while one is that is not counted. */
let page: Payload | null | undefined | false;
/** The furthest that was seen of it, in px from its top. */
let depth: number;
/** The depth that was last sent, in percent. */
let sent: number;
/** When it began to be looked at; 0 while it is not. */
let since = 0;
/** Time before that which was not sent yet, in ms. */
let engaged: number;

/** Tells how far and how long the page was looked at since it was last told. */
export function leave(): void {
  engaged += since && Date.now() - since;
  since = 0;
  const percent = ((depth * 100) / document.documentElement.scrollHeight + 0.5) | 0;
  if (page && (percent > sent || engaged >= WORTH)) {
    deliver({ ...page, n: 'engagement', $: '', sd: percent, e: engaged });
    sent = percent;
    engaged = 0;
  }
}

/** A page is looked at from now on, or one that is not counted. */
export function enter(next: Payload | null | undefined | false): void {
  page = next;
  depth = engaged = sent = 0;
  since = Date.now();
}

/** Something happened to the page: it was scrolled, shown, hidden, focused or left. */
export function attention(): void {
  // What is beyond the page's end counts as its end on the server.
  depth = Math.max(depth, innerHeight + (COMPAT ? pageYOffset : scrollY));
  if (document.hasFocus() && !document.hidden) since = since || Date.now();
  else if (since || document.hidden) leave();
}
