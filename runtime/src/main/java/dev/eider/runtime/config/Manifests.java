package dev.eider.runtime.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Kubernetes manifests that say what is wanted, read leniently: kinds and fields that are not
 * ours are passed over, what is ours must be right.
 *
 * @param sites the AnalyticsSites, their policies not yet looked up
 * @param policies the RetentionPolicies
 * @param runtimes settings of the runtimes that sites carry inline, in order
 */
public record Manifests(List<Site> sites, List<Policy> policies, List<RuntimeSettings> runtimes) {

  /** A site and the name of the policy it refers to; empty when it refers to none. */
  public record Site(SiteSettings settings, String policy) {

    /**
     * The site under its policy. Where that is not to be found, the last known one stays in force;
     * never "keep for ever", never "delete all".
     *
     * @param known the policies that there are
     * @param inForce the site as it is now, if it is
     */
    public Resolved resolve(List<Policy> known, Optional<SiteSettings> inForce) {
      if (policy.isEmpty()) {
        return new Resolved(settings, Optional.empty());
      }
      return known.stream()
          .filter(found -> found.settings().policy().equals(policy))
          .filter(found -> found.namespace().equals(settings.namespace()))
          .findFirst()
          .map(found -> new Resolved(settings.withRetention(found.settings()), Optional.empty()))
          .orElseGet(() -> withoutPolicy(inForce));
    }

    private Resolved withoutPolicy(Optional<SiteSettings> inForce) {
      RetentionSettings last =
          inForce
              .map(SiteSettings::retention)
              .filter(retention -> retention.policy().equals(policy))
              .orElse(RetentionSettings.missing(policy));
      return new Resolved(
          settings.withRetention(last),
          Optional.of(
              "site %s refers to the RetentionPolicy %s, which is not there; %s"
                  .formatted(
                      settings.siteId(),
                      policy,
                      last.known()
                          ? "the last known one stays in force"
                          : "nothing is pruned until it is")));
    }
  }

  /** A site in full, and what is wrong with it, if anything. */
  public record Resolved(SiteSettings settings, Optional<String> problem) {}

  /** A RetentionPolicy and where it lives. */
  public record Policy(String namespace, RetentionSettings settings) {}

  /** Of a site's spec; also those that only the operator follows. */
  static final String[] SITE_FIELDS = {
    "displayName",
    "domains",
    "siteId",
    "timeZone",
    "currency",
    "runtime",
    "runtimeRef",
    "restoreFrom",
    "retentionPolicyRef",
    "ingest",
    "privacy",
    "filters",
    "properties",
    "goals",
    "funnels",
    "segments",
    "deletionPolicy"
  };

  /** Of its spec.runtime. */
  static final String[] RUNTIME_FIELDS = {
    "image",
    "resources",
    "logLevel",
    "pod",
    "storage",
    "catalog",
    "flush",
    "compaction",
    "snapshots",
    "backup",
    "erasure",
    "network",
    "geo",
    "paused",
    "stopped"
  };

  /** Of a policy's spec. */
  static final String[] POLICY_FIELDS = {
    "rawEventsDays",
    "sessionsDays",
    "hourlyRollupsDays",
    "dailyRollupsDays",
    "auditLogDays",
    "archive",
    "tiers",
    "schedule",
    "timeZone",
    "mode",
    "guard"
  };

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Pattern SITE_ID = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Pattern QUANTITY = Pattern.compile("(\\d{1,15})(Ki|Mi|Gi|k|M|G)?");

  /** Nothing at all. */
  static final Manifests NONE = new Manifests(List.of(), List.of(), List.of());

  public Manifests {
    sites = List.copyOf(sites);
    policies = List.copyOf(policies);
    runtimes = List.copyOf(runtimes);
  }

  /**
   * Reads YAML (or JSON, which is YAML) of one or more documents.
   *
   * @throws ConfigException when a document of ours is wrong; says which and why
   */
  public static Manifests read(byte[] yaml) {
    List<JsonNode> documents = new ArrayList<>();
    try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      all.forEachRemaining(documents::add);
    } catch (JsonProcessingException e) {
      throw new ConfigException("not YAML: " + e.getOriginalMessage(), e);
    } catch (IOException | RuntimeException e) {
      throw new ConfigException("not YAML: " + e.getMessage(), e);
    }
    return of(documents);
  }

  /** The same from documents that are parsed already. */
  public static Manifests of(List<JsonNode> documents) {
    List<Site> sites = new ArrayList<>();
    List<Policy> policies = new ArrayList<>();
    List<RuntimeSettings> runtimes = new ArrayList<>();
    for (JsonNode document : documents) {
      if (!document.path("apiVersion").asText().startsWith("eider.dev/")) {
        continue;
      }
      switch (document.path("kind").asText()) {
        case "AnalyticsSite" -> {
          sites.add(site(document));
          JsonNode runtime = document.path("spec").path("runtime");
          if (runtime.isObject()) {
            runtimes.add(runtime(runtime, where(document)));
          }
        }
        case "RetentionPolicy" -> policies.add(policy(document));
        default -> {}
      }
    }
    return new Manifests(sites, policies, runtimes);
  }

  private static Site site(JsonNode manifest) {
    String where = where(manifest);
    JsonNode spec = manifest.path("spec");
    List<String> domains = new ArrayList<>();
    spec.path("domains").forEach(domain -> domains.add(HostNames.ascii(domain.asText())));
    if (domains.isEmpty()) {
      throw new ConfigException(where + " has no spec.domains; give it at least one host name");
    }
    String siteId = text(spec, "siteId", domains.getFirst());
    if (!SITE_ID.matcher(siteId).matches() || siteId.contains("..")) {
      throw new ConfigException(
          "%s: siteId '%s' must be lower-case letters, digits, dots, dashes and underscores"
              .formatted(where, siteId));
    }
    Part read = new Part(spec, where + ": spec").only(SITE_FIELDS);
    SiteSettings.Builder site =
        SiteSettings.builder(siteId, domains.toArray(String[]::new))
            .displayName(text(spec, "displayName", siteId))
            .namespace(text(manifest.path("metadata"), "namespace", ""))
            .zone(zone(where, text(spec, "timeZone", "UTC")))
            .currency(text(spec, "currency", ""))
            .ingest(SiteReader.ingest(read.at("ingest")))
            .privacy(SiteReader.privacy(read.at("privacy")))
            .filters(SiteReader.filters(read.at("filters")))
            .properties(SiteReader.properties(read))
            .goals(GoalReader.goals(read))
            .funnels(GoalReader.funnels(read))
            .segments(GoalReader.segments(read))
            .generation(manifest.path("metadata").path("generation").asLong(0));
    return new Site(read.make(site::build), text(spec.path("retentionPolicyRef"), "name", ""));
  }

  private static Policy policy(JsonNode manifest) {
    String where = where(manifest);
    JsonNode spec = manifest.path("spec");
    new Part(spec, where + ": spec").only(POLICY_FIELDS).at("guard").only("maxDeletePercent");
    int percent =
        spec.path("guard")
            .path("maxDeletePercent")
            .asInt(RetentionSettings.DEFAULT_MAX_DELETE_PERCENT);
    Bounds.check(where + ": guard.maxDeletePercent", percent, 1, 100);
    try {
      return new Policy(
          text(manifest.path("metadata"), "namespace", ""),
          new RetentionSettings(
              text(manifest.path("metadata"), "name", ""),
              days(spec, "rawEventsDays"),
              days(spec, "sessionsDays"),
              days(spec, "hourlyRollupsDays"),
              days(spec, "dailyRollupsDays"),
              days(spec, "auditLogDays"),
              spec.path("archive").isObject()
                  ? Optional.of(
                      new RetentionSettings.Archive(days(spec.path("archive"), "keepDays")))
                  : Optional.empty(),
              tier(spec.path("tiers")),
              !text(spec, "mode", "Enforce").equals("DryRun"),
              percent,
              true));
    } catch (ConfigException e) {
      throw new ConfigException(where + ": " + e.getMessage(), e);
    }
  }

  private static Optional<RetentionSettings.Tier> tier(JsonNode tiers) {
    if (tiers.isMissingNode() || tiers.isNull() || tiers.isArray() && tiers.isEmpty()) {
      return Optional.empty();
    }
    JsonNode tier = tiers.path(0);
    if (tiers.size() != 1 || !text(tier, "to", "").equals("S3")) {
      throw new ConfigException("tiers has one entry, with to: S3");
    }
    return Optional.of(
        new RetentionSettings.Tier(
            days(tier, "afterDays").orElse(0),
            Optional.of(text(tier, "storageClass", "")).filter(name -> !name.isEmpty())));
  }

  private static OptionalInt days(JsonNode spec, String name) {
    JsonNode days = spec.path(name);
    if (days.isMissingNode() || days.isNull()) {
      return OptionalInt.empty();
    }
    if (!days.isInt() || days.asInt() < 1) {
      throw new ConfigException(
          "%s is %s; it must be a whole number of days, at least 1".formatted(name, days));
    }
    return OptionalInt.of(days.asInt());
  }

  private static RuntimeSettings runtime(JsonNode spec, String where) {
    new Part(spec, where + ": spec.runtime").only(RUNTIME_FIELDS);
    RuntimeSettings normal = RuntimeSettings.DEFAULT;
    JsonNode flush = spec.path("flush");
    JsonNode ranges = spec.path("network").path("trustedProxies");
    List<String> proxies = new ArrayList<>();
    ranges.forEach(range -> proxies.add(range.asText()));
    try {
      return new RuntimeSettings(
          new FlushSettings(
              flush.path("maxEvents").asInt(normal.flush().maxEvents()),
              duration(flush, "interval", normal.flush().interval()),
              duration(flush, "shutdownTimeout", normal.flush().shutdownTimeout())),
          new CompactionSettings(
              bytes(
                  spec.path("compaction"), "targetFileSize", normal.compaction().targetFileSize())),
          new SnapshotSettings(
              spec.path("snapshots")
                  .path("expireAfterDays")
                  .asInt(normal.snapshots().expireAfterDays())),
          normal
              .place()
              .withS3(s3(spec.path("storage").path("s3")))
              .withTier(s3(spec.path("storage").path("tier").path("s3"))),
          // None at all is an answer, too.
          ranges.isArray() ? proxies : normal.trustedProxies(),
          collect(new Part(spec.path("network"), "network"), normal.collect()),
          normal.backup(),
          normal.archive());
    } catch (ConfigException e) {
      throw new ConfigException("%s: spec.runtime: %s".formatted(where, e.getMessage()), e);
    }
  }

  private static CollectSettings collect(Part network, CollectSettings normal) {
    Part limit = network.at("addressRateLimit");
    if (!limit.isThere()) {
      return normal;
    }
    // Where no limit is wanted it has to be said.
    boolean unlimited = limit.number("eventsPerSecond", 1) == 0 && !limit.has("burst");
    return normal.withAddressRate(unlimited ? Optional.empty() : SiteReader.rateLimit(limit));
  }

  private static Optional<S3Settings> s3(JsonNode spec) {
    if (!spec.isObject()) {
      return Optional.empty();
    }
    String endpoint = text(spec, "endpoint", "");
    try {
      return Optional.of(
          new S3Settings(
              text(spec, "bucket", ""),
              text(spec, "prefix", ""),
              text(spec, "region", S3Settings.DEFAULT_REGION),
              endpoint.isEmpty() ? Optional.empty() : Optional.of(new URI(endpoint)),
              spec.path("pathStyle").asBoolean(false),
              Optional.empty(),
              Optional.empty()));
    } catch (URISyntaxException e) {
      throw new ConfigException(
          "storage.s3.endpoint is '%s', which is no URL".formatted(endpoint), e);
    }
  }

  private static ZoneId zone(String where, String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new ConfigException(
          "%s: timeZone '%s' is not known; use a name of the IANA time zone database, such as Europe/Berlin"
              .formatted(where, name),
          e);
    }
  }

  /** A duration as Kubernetes writes it, in one unit: 500ms, 60s, 5m, 1h. */
  static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new ConfigException("'%s' is not a duration such as 60s or 5m".formatted(text));
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  private static Duration duration(JsonNode node, String field, Duration normal) {
    String text = text(node, field, "");
    return text.isEmpty() ? normal : duration(text);
  }

  /** A size in bytes as Kubernetes writes it: 128Mi, 1G. */
  static long bytes(String text) {
    Matcher matcher = QUANTITY.matcher(text);
    if (!matcher.matches()) {
      throw new ConfigException("'%s' is not a size such as 128Mi".formatted(text));
    }
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2) == null ? "" : matcher.group(2);
    return switch (unit) {
      case "Ki" -> Math.multiplyExact(number, 1L << 10);
      case "Mi" -> Math.multiplyExact(number, 1L << 20);
      case "Gi" -> Math.multiplyExact(number, 1L << 30);
      case "k" -> Math.multiplyExact(number, 1_000L);
      case "M" -> Math.multiplyExact(number, 1_000_000L);
      case "G" -> Math.multiplyExact(number, 1_000_000_000L);
      default -> number;
    };
  }

  private static long bytes(JsonNode node, String field, long normal) {
    String text = text(node, field, "");
    return text.isEmpty() ? normal : bytes(text);
  }

  private static String text(JsonNode node, String field, String normal) {
    JsonNode value = node.path(field);
    return value.isMissingNode() || value.isNull() || value.asText().isBlank()
        ? normal
        : value.asText().strip();
  }

  private static String where(JsonNode manifest) {
    return "%s %s"
        .formatted(
            manifest.path("kind").asText(), text(manifest.path("metadata"), "name", "(no name)"));
  }
}
