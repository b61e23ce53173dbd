package dev.eider.runtime.web;

import dev.eider.runtime.access.AdminToken;
import dev.eider.runtime.access.SiteKeys;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.job.Jobs;

/** What stands behind the endpoints. */
public record WebParts(
    AdminToken adminToken,
    SiteKeys keys,
    Sites sites,
    Jobs jobs,
    Figures figures,
    Statistics statistics,
    Health health,
    Meters meters) {}
