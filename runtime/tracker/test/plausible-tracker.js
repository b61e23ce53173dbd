// plausible-tracker as its documentation has it.
import Plausible from 'plausible-tracker';

const { domain, api } = document.currentScript.dataset;
const { enableAutoPageviews, enableAutoOutboundTracking, trackEvent } = Plausible({
  domain,
  apiHost: api,
});
enableAutoPageviews();
enableAutoOutboundTracking();
window.track = trackEvent;
