package dev.eider.runtime.web;

import dev.eider.runtime.access.AdminToken;
import dev.eider.runtime.access.SiteKeys;
import dev.eider.runtime.audit.AuditLog;
import dev.eider.runtime.collect.Collector;
import dev.eider.runtime.collect.TrustedProxies;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.job.Jobs;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.state.SavedItems;
import java.util.function.Supplier;

/** What stands behind the endpoints. */
public record WebParts(
    AdminToken adminToken,
    SiteKeys keys,
    Sites sites,
    Collector collector,
    Journal journal,
    Supplier<TrustedProxies> trustedProxies,
    Jobs jobs,
    Figures figures,
    Statistics statistics,
    SavedItems segments,
    SavedItems annotations,
    SqlSource sql,
    AuditLog audit,
    Health health,
    Meters meters) {}
