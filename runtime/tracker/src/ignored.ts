import { FULL, options } from './options';

/** What tells one page of a site from another. */
export const here = (): string =>
  location.pathname + (options.hashBasedRouting ? location.hash : '');

/** Whether one of the patterns, by commas, fits this page. */
const fits = (patterns?: string): boolean | undefined =>
  patterns
    ?.split(/[\s,]+/)
    .some((pattern) =>
      RegExp(
        `^${pattern.replace(/\*\*?/g, (stars) => (stars[1] ? '.*' : '[^/]*'))}/?$`,
      ).test(here()),
    );

const LOCAL = FULL ? /^(localhost|127\.[\d.]+|\[::1?]|)$/ : /^(localhost|127\.[\d.]+|)$/;

/** The reason where people are told one. */
const because = (what: unknown, reason: string): unknown => (FULL ? what && reason : what);

type Browser = Navigator & { globalPrivacyControl?: boolean };
type Page = { Cypress?: unknown; __plausible?: unknown };

/** Why nothing of an event is sent, or something false. */
export const ignored = (isPage: boolean): unknown => {
  try {
    if ((localStorage.plausible_ignore || localStorage.eider_ignore) == 'true')
      return because(1, 'localStorage flag');
  } catch {
    // No storage, so no flag in it.
  }
  const why =
    because(
      (navigator as Browser).globalPrivacyControl || navigator.doNotTrack == '1',
      'Do Not Track',
    ) ||
    (!options.captureOnLocalhost &&
      // A file has no host name.
      (because(LOCAL.test(location.hostname), 'localhost') ||
        because(
          FULL
            ? (navigator.webdriver || (window as Page).Cypress) && !(window as Page).__plausible
            : navigator.webdriver,
          'automation',
        )));
  return FULL
    ? why ||
        (isPage &&
          (fits(options.include) == false || fits(options.exclude)) &&
          'exclusion rule')
    : why;
};
