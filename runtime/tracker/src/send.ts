import { deliver } from './deliver';
import { enter, leave } from './engagement';
import { ignored } from './ignored';
import { marked } from './marks';
import { COMPAT, Event, FULL, options, Options, Payload, tag } from './options';

/** `window.eider`, `window.plausible`: ours, or a page's own stub that keeps calls for later. */
export interface Api {
  (name: string | number, event?: Event): void;
  init?: (more?: Partial<Options>) => void;
  /** The stub's calls, and what its `init` was called with. */
  q?: Parameters<Api>[];
  o?: Partial<Options>;
  /** Whether it is Plausible's own script, loaded. */
  l?: unknown;
}

/** Sends an event, unless there is a reason not to. */
export const send: Api = (name, event = {}) => {
  const callback = event.callback || (() => {});
  const isPage = name == 'pageview';
  let why = ignored(isPage);
  let payload: Payload | null | undefined | false = !why && {
    n: name,
    u: event.u || event.url || location.href,
    d: options.domain || location.hostname,
    r: document.referrer,
    t: document.title,
    w: innerWidth,
    h: options.hashBasedRouting,
    p: {
      ...(/^404$|^Form: /.test(name as string) && { path: location.pathname }),
      ...marked(tag).event,
      ...(FULL && typeof options.customProperties == 'function'
        ? options.customProperties(name)
        : options.customProperties),
      ...event.props,
    },
    $: event.revenue,
    i: event.interactive,
  };
  if (FULL && payload && options.transformRequest) {
    payload = options.transformRequest(payload);
    why = 'transformRequest';
  }
  if (isPage) {
    leave();
    enter(payload);
  }
  // Old browsers have nothing but a beacon that outlives the page.
  if (payload) deliver(payload, COMPAT ? event.callback : callback);
  else {
    if (FULL && options.logging != false) console.warn('Ignoring event: ' + why);
    callback();
  }
};
