package dev.eider.runtime.config;

import java.time.ZoneId;
import java.util.List;
import java.util.Locale;

/**
 * One site as it is in force. Made by a {@link Builder}, changed by {@link #toBuilder}.
 *
 * @param siteId key in URLs, in the lake and on disk; the first domain unless the manifest says
 *     otherwise. Lower-case letters, digits, dots, dashes and underscores, at most 253 characters
 * @param displayName for people; the siteId unless given
 * @param namespace of the AnalyticsSite, or empty where there is no cluster
 * @param domains 1 to 32 host names, lower case
 * @param zone the site's calendar; UTC unless given
 * @param currency ISO 4217 code, or empty when the site has none
 * @param ingest how events are taken in
 * @param privacy what is known of visitors
 * @param filters which events are not wanted
 * @param properties custom dimensions and metrics, at most 20 of each
 * @param goals what visitors should do, at most 100
 * @param funnels in which steps, at most 20
 * @param segments filters that questions may use, at most 100
 * @param retention how long rows are kept
 * @param generation {@code metadata.generation} of the manifest, or 0 where there is no cluster
 * @param revision 16 hex digits over all of the above but the generation: equal settings have equal
 *     revisions, on every machine
 */
public record SiteSettings(
    String siteId,
    String displayName,
    String namespace,
    List<String> domains,
    ZoneId zone,
    String currency,
    IngestSettings ingest,
    PrivacySettings privacy,
    FilterSettings filters,
    List<CustomProperty> properties,
    List<Goal> goals,
    List<Funnel> funnels,
    List<Segment> segments,
    RetentionSettings retention,
    long generation,
    String revision) {

  private static final int MOST_GOALS = 100;
  private static final int MOST_FUNNELS = 20;
  private static final int MOST_SEGMENTS = 100;

  public SiteSettings {
    domains = List.copyOf(domains);
    properties = List.copyOf(properties);
    goals = List.copyOf(goals);
    funnels = List.copyOf(funnels);
    segments = List.copyOf(segments);
    for (CustomProperty.Kind kind : CustomProperty.Kind.values()) {
      Distinct.check(
          "properties",
          "index of a " + kind.name().toLowerCase(Locale.ROOT),
          properties.stream().filter(p -> p.kind() == kind).map(CustomProperty::index).toList());
    }
    Distinct.check("properties", "name", properties.stream().map(CustomProperty::name).toList());
    Distinct.check("goals", "name", goals.stream().map(Goal::name).toList());
    Distinct.check("funnels", "name", funnels.stream().map(Funnel::name).toList());
    Distinct.check("segments", "name", segments.stream().map(Segment::name).toList());
    Bounds.checkSize("goals", goals, 0, MOST_GOALS);
    Bounds.checkSize("funnels", funnels, 0, MOST_FUNNELS);
    Bounds.checkSize("segments", segments, 0, MOST_SEGMENTS);
  }

  /** A site with every default: UTC, no currency, everything taken in, rows kept for ever. */
  public static SiteSettings of(String siteId, String... domains) {
    return builder(siteId, domains).build();
  }

  /**
   * Begins with every default.
   *
   * @param domains host names; none: the siteId is one
   */
  public static Builder builder(String siteId, String... domains) {
    return new Builder(siteId, domains.length == 0 ? List.of(siteId) : List.of(domains));
  }

  /** Begins with these settings. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** The same site under another retention policy. */
  public SiteSettings withRetention(RetentionSettings other) {
    return toBuilder().retention(other).build();
  }

  /** Settings in the making; the revision is worked out at the end. Not for several threads. */
  public static final class Builder {

    private final String siteId;
    private final List<String> domains;
    private String displayName;
    private String namespace = "";
    private ZoneId zone = ZoneId.of("UTC");
    private String currency = "";
    private IngestSettings ingest = IngestSettings.DEFAULT;
    private PrivacySettings privacy = PrivacySettings.DEFAULT;
    private FilterSettings filters = FilterSettings.DEFAULT;
    private List<CustomProperty> properties = List.of();
    private List<Goal> goals = List.of();
    private List<Funnel> funnels = List.of();
    private List<Segment> segments = List.of();
    private RetentionSettings retention = RetentionSettings.FOR_EVER;
    private long generation;

    private Builder(String siteId, List<String> domains) {
      this.siteId = siteId;
      this.displayName = siteId;
      this.domains = domains;
    }

    private Builder(SiteSettings site) {
      this(site.siteId, site.domains);
      displayName(site.displayName).namespace(site.namespace).generation(site.generation);
      zone(site.zone).currency(site.currency).retention(site.retention);
      ingest(site.ingest).privacy(site.privacy).filters(site.filters);
      properties(site.properties).goals(site.goals);
      funnels(site.funnels).segments(site.segments);
    }

    public Builder displayName(String name) {
      displayName = name;
      return this;
    }

    public Builder namespace(String name) {
      namespace = name;
      return this;
    }

    public Builder zone(ZoneId calendar) {
      zone = calendar;
      return this;
    }

    public Builder currency(String code) {
      currency = code;
      return this;
    }

    public Builder ingest(IngestSettings settings) {
      ingest = settings;
      return this;
    }

    public Builder privacy(PrivacySettings settings) {
      privacy = settings;
      return this;
    }

    public Builder filters(FilterSettings settings) {
      filters = settings;
      return this;
    }

    public Builder properties(List<CustomProperty> declared) {
      properties = declared;
      return this;
    }

    public Builder goals(List<Goal> wanted) {
      goals = wanted;
      return this;
    }

    public Builder funnels(List<Funnel> wanted) {
      funnels = wanted;
      return this;
    }

    public Builder segments(List<Segment> wanted) {
      segments = wanted;
      return this;
    }

    public Builder retention(RetentionSettings settings) {
      retention = settings;
      return this;
    }

    public Builder generation(long number) {
      generation = number;
      return this;
    }

    /**
     * Makes the settings.
     *
     * @throws ConfigException when they contradict each other; says where
     */
    public SiteSettings build() {
      SiteSettings unnamed = settings(0, "");
      return settings(generation, Revision.of(unnamed));
    }

    private SiteSettings settings(long number, String revision) {
      return new SiteSettings(
          siteId,
          displayName,
          namespace,
          domains,
          zone,
          currency,
          ingest,
          privacy,
          filters,
          properties,
          goals,
          funnels,
          segments,
          retention,
          number,
          revision);
    }
  }
}
