/*! Eider's tracker. No cookies, nothing stored in the browser. */
(function (window, document) {
  'use strict';
  var script = document.currentScript;
  var option = function (name) { return script && script.getAttribute('data-' + name); };
  var domain = option('domain') || window.location.hostname;
  // The script's own origin takes the events, unless a proxy in between has another place for them.
  var endpoint = option('api') || (script ? new URL(script.src).origin : '') + '/api/event';
  var queued = (window.eider && window.eider.q) || (window.plausible && window.plausible.q) || [];
  var lastPage;

  function send(name, options) {
    options = options || {};
    var body = { n: name, u: options.u || options.url || window.location.href, d: domain, r: document.referrer || null };
    if (options.props) body.p = options.props;
    if (options.revenue) body.$ = options.revenue;
    if (options.interactive === false) body.i = false;
    var done = function (result) { if (options.callback) options.callback(result); };
    // text/plain needs no preflight; keepalive lets it outlive the page.
    window.fetch(endpoint, {
      method: 'POST', headers: { 'Content-Type': 'text/plain' }, keepalive: true, body: JSON.stringify(body)
    }).then(function (answer) { done({ status: answer.status }); }, function (error) { done({ error: error }); });
  }

  function page() {
    if (lastPage === window.location.pathname) return;
    lastPage = window.location.pathname;
    send('pageview');
  }

  window.eider = window.plausible = send;
  for (var i = 0; i < queued.length; i++) send.apply(null, queued[i]);
  if (option('manual') !== null && script) return;

  var push = window.history.pushState;
  window.history.pushState = function () {
    push.apply(this, arguments);
    page();
  };
  window.addEventListener('popstate', page);
  // A page that is rendered ahead of time counts once it is shown.
  if (document.visibilityState === 'prerender') {
    document.addEventListener('visibilitychange', function () { if (document.visibilityState === 'visible') page(); });
  } else page();
})(window, document);
