import { used } from './clicks';
import { attention } from './engagement';
import { here } from './ignored';
import { COMPAT, FULL, options, set } from './options';
import { Api, send } from './send';

const globals = window as { eider?: Api; plausible?: Api };
const stub: Partial<Api> = globals.eider || globals.plausible || {};

/** The page that was counted last. */
let last: string | undefined;

/**
 * Counts a page whose address is not the last one's; one that is made ahead of time once it is
 * shown.
 */
function view(): void {
  if (!document.hidden && last != here() && options.autoCapturePageviews != false) {
    last = here();
    send('pageview');
  }
}

/** Is told all that happens, before the page's own listeners can stop it. */
function happened(event: { type?: string; persisted?: boolean }): void {
  // click, auxclick, submit
  if (/[kt]$/.test(event.type!)) used(event as MouseEvent | SubmitEvent);
  // Pages that are gone back to come back as they were.
  if (event.persisted) last = '';
  view();
  attention();
}

send.init = (more) => {
  send.init = set;
  set(more);
  ('pushState replaceState'.split(' ') as ('pushState')[]).forEach((name) => {
    const original = history[name];
    history[name] = (...args) => {
      original.apply(history, args);
      view();
    };
  });
  // Browsers of today tell of a hash by popstate.
  ((COMPAT ? 'hashchange ' : '') +
    'popstate visibilitychange pageshow blur focus scroll click auxclick submit')
    .split(' ')
    .forEach((name) => addEventListener(name, happened, true));
  happened({});
  if (document.getElementsByName('eider-404')[0]) send(404);
  stub.q?.forEach((call) => send(...call));
};

// A page that has an init will call it, or is measured already: included twice it is counted once.
// Plausible's own script may run beside the full build, and keeps its name then.
const isBesidePlausible = FULL && globals.plausible && globals.plausible.l;
const waits = FULL
  ? options.wait || (stub.init && !(isBesidePlausible && stub === globals.plausible))
  : globals.eider?.init;
globals.eider = send;
if (!isBesidePlausible) globals.plausible = send;
if (stub.o || !waits) send.init(stub.o);
