import { Marks, marked } from './marks';
import { COMPAT, FULL, options, tag } from './options';
import { send } from './send';

const FILES =
  /\.(pdf|docx?|xlsx?|pptx?|csv|txt|zip|rar|7z|gz|exe|dmg|mp[34]|mov)$/i;
/** What else Plausible's scripts count. */
const MORE = /\.(key|rtf|pkg|wav|pps|avi|mpeg|wm[av]|midi)$/i;

/** Whether a path is that of a file, by all that Plausible's scripts can be told about it. */
function isAsked(path: string): boolean {
  const { fileExtensions } = options.fileDownloads as { fileExtensions?: string[] };
  const only = fileExtensions || tag.getAttribute('file-types')?.split(',');
  const more = tag.getAttribute('add-file-types')?.split(',') || [];
  return (
    (!only && (FILES.test(path) || MORE.test(path))) ||
    more.concat(only || []).indexOf(path.split('.').pop()!) >= 0
  );
}

/** The link around an element, for browsers that have no `closest`. */
function linkAround(element: Element | null): HTMLAnchorElement | null {
  while (element && element.tagName != 'A') element = element.parentElement;
  return element as HTMLAnchorElement | null;
}

/** Our own build counts all of them unless it is told not to, Plausible's none unless told. */
const isForms = (): unknown =>
  FULL ? options.formSubmissions : options.formSubmissions != false;
const isOutbound = (): unknown => (FULL ? options.outboundLinks : options.outboundLinks != false);
const isFiles = (): unknown => (FULL ? options.fileDownloads : options.fileDownloads != false);

/** Counts a click on a link, a form that is sent, and what is marked. */
export function used(event: MouseEvent | SubmitEvent): void {
  let at = event.target as Element | null;
  const link = COMPAT ? linkAround(at) : at!.closest('a');
  let marks: Marks;
  // A form's marks count when it is sent.
  do marks = marked(at!);
  while (!marks.event.name && (at = at!.parentElement) && at.tagName != 'FORM');
  let { name, ...props } = marks.event;
  if (link) props.url = link.href;
  if (!name) {
    if (event.type == 'submit') {
      if (isForms()) name = 'Form: Submission';
    } else if (link) {
      if (isOutbound() && link.host && link.host != location.host) {
        name = 'Outbound Link: Click';
      } else if (
        isFiles() &&
        (FULL ? isAsked(link.pathname) : FILES.test(link.pathname))
      ) {
        name = 'File Download';
        props.url = COMPAT ? link.href.split(/[?#]/)[0] : link.origin + link.pathname;
      }
    }
  }
  // The right button opens a menu.
  if (name && !((event as MouseEvent).button > 1)) send(name, { props, revenue: marks.revenue });
}
