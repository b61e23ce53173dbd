// @plausible-analytics/tracker as its documentation has it.
import { init, track } from '@plausible-analytics/tracker';

const { domain, api } = document.currentScript.dataset;
init({
  domain,
  endpoint: api,
  outboundLinks: true,
  fileDownloads: true,
  formSubmissions: true,
});
window.track = track;
