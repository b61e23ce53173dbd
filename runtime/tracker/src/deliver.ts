import { COMPAT, options, Result, tag } from './options';

/** What `URL` does, for browsers that have none: a path is one of the script's own host. */
const resolved = (to: string): string =>
  /^\w+:/.test(to) ? to : tag.src.split('/', 3).join('/') + to;

/**
 * Sends to the server in a way that outlives the page. Without anybody to tell what came of it, it
 * goes as a beacon. Text needs no preflight.
 */
export function deliver(payload: object, done?: (result: Result) => void): void {
  const to = options.endpoint || options.api!;
  const url = COMPAT ? resolved(to) : new URL(to, tag.src);
  const body = JSON.stringify(payload);
  if (COMPAT) {
    if (done || !navigator.sendBeacon || !navigator.sendBeacon(url, body)) {
      const request = new XMLHttpRequest();
      request.open('POST', url);
      request.onloadend = () => done?.({ status: request.status });
      request.send(body);
    }
  } else if (done) {
    fetch(url, { method: 'POST', keepalive: true, body }).then(done, (error) => done({ error }));
  } else {
    navigator.sendBeacon(url, body);
  }
}
