package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a person says about a site. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.runtime) != has(self.runtimeRef)",
    message =
        "give exactly one of runtime (pods of the site's own; {} takes all defaults) and runtimeRef"
            + " (a shared AnalyticsRuntime): add one or remove the other")
@ValidationRule(
    value = "has(self.runtime) == has(oldSelf.runtime)",
    message =
        "a site cannot move between a runtime of its own and a shared one: put the old field back,"
            + " or delete the site (its data is retained) and create it anew")
@ValidationRule(
    value =
        "has(self.siteId) == has(oldSelf.siteId) && (has(self.siteId) ? self.siteId =="
            + " oldSelf.siteId : self.domains[0] == oldSelf.domains[0])",
    message =
        "siteId is the key of the stored data and cannot change, nor can the first domain while it"
            + " stands for siteId: put the old value back, or create another AnalyticsSite")
public record AnalyticsSiteSpec(
    @JsonPropertyDescription("Name of the site for people.") @Size(max = 100)
        @Nullable String displayName,
    @JsonPropertyDescription(
            "Host names that the site is measured under; the first is the siteId unless one is"
                + " given.")
        @Required
        @Size(min = 1, max = 32)
        @ValidationRule(
            value =
                "self.all(d, size(d) <= 253 &&"
                    + " d.matches('^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$'))",
            message =
                "write each domain as a bare lower-case host name, for example blog.example.com:"
                    + " no https://, no port, no path")
        @ValidationRule(
            value = "self.all(d, self.exists_one(e, e == d))",
            message = "name each domain once")
        List<@Size(min = 1, max = 253) String> domains,
    @JsonPropertyDescription(
            "Key of the site in URLs, in the lake and on disk. Default: the first domain."
                + " Immutable, and so is the default.")
        @Size(min = 1, max = 253)
        @ValidationRule(
            value =
                "self.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*$')",
            message =
                "write siteId with lower-case letters, digits, single dots and dashes,"
                    + " beginning and ending with a letter or digit")
        @Nullable String siteId,
    @JsonPropertyDescription(
            "IANA time zone of the site's days, for example Europe/Berlin. Default: UTC. A change"
                + " holds from then on.")
        @Size(min = 1, max = Rules.TIME_ZONE_LENGTH)
        @ValidationRule(value = Rules.TIME_ZONE, message = Rules.TIME_ZONE_MESSAGE)
        @Nullable String timeZone,
    @JsonPropertyDescription(
            "ISO 4217 code of the currency that revenue is kept in. Absent: each event's own.")
        @Size(min = 3, max = 3)
        @ValidationRule(value = Rules.CURRENCY, message = Rules.CURRENCY_MESSAGE)
        @Nullable String currency,
    @JsonPropertyDescription("A runtime of the site's own: pods, volume and schedules.")
        @Nullable RuntimeSpec runtime,
    @JsonPropertyDescription("A shared AnalyticsRuntime to run on.")
        @Nullable RuntimeRef runtimeRef,
    @JsonPropertyDescription(
            "The backup that a new site begins with. Without effect once it has data; it may be"
                + " removed then.")
        @Nullable RestoreFrom restoreFrom,
    @JsonPropertyDescription(
            "RetentionPolicy of the same namespace. Absent: raw events are kept for ever.")
        @Nullable LocalRef retentionPolicyRef,
    @JsonPropertyDescription("How events are taken in.") @Nullable Ingest ingest,
    @JsonPropertyDescription("What is known of visitors. It holds before anything is on a disk.")
        @Nullable Privacy privacy,
    @JsonPropertyDescription("Events that the site does not want.") @Nullable Filters filters,
    @JsonPropertyDescription(
            "Custom dimensions (type String) and metrics (the other types), at most 20 of each.")
        @Size(max = 40)
        @ValidationRule(
            value = "self.all(p, self.exists_one(q, q.name == p.name))",
            message = "name each property once")
        @ValidationRule(
            value =
                "self.all(p, self.exists_one(q, q.index == p.index && (has(q.type) && q.type !="
                    + " 'String') == (has(p.type) && p.type != 'String')))",
            message =
                "give each dimension (type String) an index of its own, and each metric (the other"
                    + " types) one of its own")
        @Nullable List<Property> properties,
    @JsonPropertyDescription("What visitors should do.")
        @Size(max = 100)
        @ValidationRule(
            value = "self.all(g, self.exists_one(h, h.name == g.name))",
            message = "name each goal once")
        @Nullable List<Goal> goals,
    @JsonPropertyDescription("In which steps visitors should do it.")
        @Size(max = 20)
        @ValidationRule(
            value = "self.all(f, self.exists_one(g, g.name == f.name))",
            message = "name each funnel once")
        @Nullable List<Funnel> funnels,
    @JsonPropertyDescription("Filters under names, for questions to use.")
        @Size(max = 100)
        @ValidationRule(
            value = "self.all(s, self.exists_one(t, t.name == s.name))",
            message = "name each segment once")
        @Nullable List<Segment> segments,
    @JsonPropertyDescription(
            "What becomes of volume and keys when the site is deleted. Default: Retain. What lies"
                + " in S3 and PostgreSQL stays.")
        @Nullable DeletionPolicy deletionPolicy) {

  public AnalyticsSiteSpec {
    domains = domains == null ? List.of() : List.copyOf(domains);
  }

  /** The site's key: siteId, or the first domain. Empty only for a spec no API server accepted. */
  public String resolvedSiteId() {
    return siteId != null ? siteId : domains.stream().findFirst().orElse("");
  }

  /** The name of the site's time zone; it may name none that exists. */
  public String resolvedTimeZone() {
    return timeZone != null ? timeZone : Defaults.TIME_ZONE;
  }

  /** ISO 4217 code that revenue is kept in; empty: each event's own. */
  public Optional<String> currencyCode() {
    return Optional.ofNullable(currency);
  }

  /** Whether events are accepted; false refuses them with reason {@code paused}. */
  public boolean ingestEnabled() {
    return ingest == null || ingest.taken();
  }

  /** Share of visitors whose events are kept, from 0.0001 to 1. */
  public String resolvedSampleRate() {
    return ingest == null ? Defaults.SAMPLE_RATE : ingest.resolvedSampleRate();
  }

  /** Most events of the whole site; empty: no limit. */
  public Optional<RateLimit> resolvedRateLimit() {
    return Optional.ofNullable(ingest).map(Ingest::rateLimit).map(RateLimit::resolved);
  }

  /** What is known of visitors, with nothing left to defaults. */
  public Privacy resolvedPrivacy() {
    return Optional.ofNullable(privacy).orElse(Privacy.DEFAULT).resolved();
  }

  public DeletionPolicy resolvedDeletionPolicy() {
    return deletionPolicy != null ? deletionPolicy : DeletionPolicy.Retain;
  }

  /** The site's own runtime, if it has one. */
  public Optional<RuntimeSpec> ownRuntime() {
    return Optional.ofNullable(runtime);
  }

  /** What a new site begins with, if with anything. */
  public Optional<RestoreFrom> restoreSource() {
    return Optional.ofNullable(restoreFrom);
  }

  /** Name of the RetentionPolicy, if one is referenced. */
  public Optional<String> retentionPolicyName() {
    return Optional.ofNullable(retentionPolicyRef).map(LocalRef::name);
  }
}
