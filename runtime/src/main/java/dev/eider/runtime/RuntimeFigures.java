package dev.eider.runtime;

import dev.eider.runtime.collect.AddressWatch;
import dev.eider.runtime.collect.Drops;
import dev.eider.runtime.command.Version;
import dev.eider.runtime.config.SiteDirectory;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.stats.SiteFigures;
import dev.eider.runtime.web.Figures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What administrators see, from all rooms. */
final class RuntimeFigures implements Figures {

  private final Sites sites;
  private final SiteDirectory directory;
  private final Storage storage;
  private final LakeStatistics statistics;
  private final Drops drops;
  private final AddressWatch addresses;
  private final Collecting collecting;

  RuntimeFigures(
      Sites sites,
      SiteDirectory directory,
      Storage storage,
      LakeStatistics statistics,
      Drops drops,
      AddressWatch addresses,
      Collecting collecting) {
    this.sites = sites;
    this.directory = directory;
    this.storage = storage;
    this.statistics = statistics;
    this.drops = drops;
    this.addresses = addresses;
    this.collecting = collecting;
  }

  @Override
  public Map<String, Object> runtime() {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("version", Version.current());
    shown.put("sites", sites.all().size());
    shown.put(
        "problems",
        Stream.of(
                directory.problems(),
                collecting.problems(),
                storage.journal().troubles(),
                storage.lake().troubles())
            .flatMap(List::stream)
            .toList());
    shown.put("geo", collecting.geo().databases());
    shown.put("journal", storage.journal().state());
    shown.put("journalId", storage.journal().id());
    shown.put("journalEpoch", storage.journal().epoch());
    shown.put("hotRows", storage.lake().hotRows());
    shown.put("lake", storage.lake().figures());
    shown.put("unreadable", storage.lake().unreadable());
    shown.put("flushes", storage.flusher().figures());
    return shown;
  }

  @Override
  public Map<String, Long> dropped(SiteSettings site) {
    return drops.of(site.siteId());
  }

  @Override
  public Map<String, Object> site(SiteSettings site) {
    SiteFigures counted = statistics.figures(site);
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("visitors24h", counted.visitors24h());
    shown.put("events", counted.events());
    counted.lastEvent().ifPresent(last -> shown.put("lastEvent", last));
    shown.put("hotRows", storage.lake().hotRows());
    shown.put("dropped", dropped(site));
    addresses.warning(site.siteId()).ifPresent(warning -> shown.put("warning", warning));
    dev.eider.runtime.lake.SiteFigures settled = storage.lake().figures(site.siteId());
    shown.put("bytes", settled.bytes());
    shown.put("settled", settled);
    shown.put(
        "unreadable",
        storage.lake().unreadable().stream().filter(file -> file.concerns(site.siteId())).toList());
    return shown;
  }
}
