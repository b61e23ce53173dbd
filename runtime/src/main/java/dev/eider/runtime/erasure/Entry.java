package dev.eider.runtime.erasure;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.eider.runtime.lake.ErasureSubject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An erasure in the ledger: enough to do it again where its rows come back, and nothing to tell
 * whose they were by, but for those who have the key.
 *
 * @param id the erasure's name
 * @param at only what was accepted until then is meant
 * @param sites the sites, and the number that the property has there as a custom dimension, 0 for
 *     none
 * @param visitors hashes of visitor ids
 * @param property name of the property; empty where none is meant
 * @param value hash of its value
 * @param from the first day; empty for no bound
 * @param to the last day; empty for no bound
 * @param filter hashes of the values of filters
 * @param expire whether backups that hold it are deleted
 * @param key the name of the key that the hashes are made with
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Entry(
    String id,
    Instant at,
    Map<String, Integer> sites,
    Set<String> visitors,
    String property,
    String value,
    String from,
    String to,
    Map<String, String> filter,
    boolean expire,
    String key) {

  Entry {
    sites = Map.copyOf(sites);
    visitors = Set.copyOf(visitors);
    filter = Map.copyOf(filter);
  }

  /** The one of an order. */
  static Entry of(String id, Instant at, ErasureOrder order, LedgerKey key) {
    ErasureSubject subject = order.subject();
    Map<String, Integer> sites = new TreeMap<>();
    subject.sites().forEach(site -> sites.put(site.siteId(), site.dimension().orElse(0)));
    Set<String> visitors = new TreeSet<>();
    subject.visitorIds().forEach(visitor -> visitors.add(key.visitor(visitor)));
    Map<String, String> filter = new TreeMap<>();
    subject.filter().forEach((name, text) -> filter.put(name, key.filter(name, text)));
    return new Entry(
        id,
        at,
        sites,
        visitors,
        subject.property().map(ErasureSubject.Property::name).orElse(""),
        subject.property().map(each -> key.property(each.name(), each.value())).orElse(""),
        subject.from().map(LocalDate::toString).orElse(""),
        subject.to().map(LocalDate::toString).orElse(""),
        filter,
        order.backups() == ErasureOrder.Backups.EXPIRE,
        key.name());
  }

  /**
   * The subject, as far as its values are known.
   *
   * @param values values by their hashes
   * @return empty where a value is not known, so that no row can be meant
   */
  Optional<ErasureSubject> subject(Map<String, String> values) {
    Set<String> ids = new TreeSet<>();
    visitors.stream().filter(values::containsKey).forEach(hash -> ids.add(values.get(hash)));
    Map<String, String> filters = new TreeMap<>();
    filter.forEach(
        (name, hash) -> {
          if (values.containsKey(hash)) {
            filters.put(name, values.get(hash));
          }
        });
    boolean unknown =
        !visitors.isEmpty() && ids.isEmpty()
            || filters.size() < filter.size()
            || !property.isEmpty() && !values.containsKey(value);
    return unknown
        ? Optional.empty()
        : Optional.of(
            new ErasureSubject(
                subjectSites(),
                ids,
                property.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new ErasureSubject.Property(property, values.get(value))),
                date(from),
                date(to),
                filters,
                Optional.of(at)));
  }

  /** Whether nothing of it can be told without the key. */
  boolean needsKey() {
    return !visitors.isEmpty() || !property.isEmpty() || !filter.isEmpty();
  }

  /** The same where no row is there, to take away what may be left of earlier ones. */
  ErasureSubject nobody() {
    return new ErasureSubject(
        subjectSites(),
        Set.of("(nobody)"),
        Optional.empty(),
        date(from),
        date(to),
        Map.of(),
        Optional.of(at));
  }

  private List<ErasureSubject.Site> subjectSites() {
    return sites.entrySet().stream()
        .map(
            site ->
                new ErasureSubject.Site(
                    site.getKey(),
                    site.getValue() == 0 ? OptionalInt.empty() : OptionalInt.of(site.getValue())))
        .toList();
  }

  private static Optional<LocalDate> date(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(LocalDate.parse(text));
  }
}
