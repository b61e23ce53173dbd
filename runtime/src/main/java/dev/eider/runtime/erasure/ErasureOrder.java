package dev.eider.runtime.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.config.CustomProperty;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.lake.ErasureSubject;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is asked for: a subject, and what becomes of backups that hold it.
 *
 * @param subject whose rows
 * @param backups what becomes of them
 * @param name the erasure's name, where it is not the job's
 * @param undeclared those of the sites that nobody declares; there may be rows of them all the same
 */
public record ErasureOrder(
    ErasureSubject subject, Backups backups, Optional<String> name, Set<String> undeclared) {

  private static final int MOST_SITES = 1000;
  private static final int MOST_IDS = 10_000;
  private static final int LONGEST = 2048;
  private static final Set<String> KNOWN =
      Set.of("name", "sites", "visitorIds", "property", "from", "to", "filter", "backups");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}");

  /** What becomes of backups that hold some of it. */
  public enum Backups {
    /** They are made anew without it. */
    REWRITE,
    /** They are deleted. */
    EXPIRE
  }

  /** One that has the job's name. */
  public ErasureOrder(ErasureSubject subject, Backups backups) {
    this(subject, backups, Optional.empty(), Set.of());
  }

  public ErasureOrder {
    undeclared = Set.copyOf(undeclared);
  }

  /**
   * Reads one.
   *
   * @param sites what is declared: who is meant by a host name, and has a property by an index
   * @throws IllegalArgumentException when it is none, with a sentence that repeats no value of it
   */
  public static ErasureOrder of(JsonNode json, Sites sites) {
    if (!json.isObject()) {
      throw new IllegalArgumentException(
          "subject is an object: {\"sites\": [\"…\"], \"visitorIds\": [\"…\"]}");
    }
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException(
                    "subject has a field that is not known; there are: "
                        + String.join(", ", KNOWN.stream().sorted().toList()));
              }
            });
    Optional<ErasureSubject.Property> property = property(json.path("property"));
    List<String> ids =
        texts(json.path("sites"), "subject.sites", MOST_SITES).stream()
            .map(named -> sites.named(named).map(SiteSettings::siteId).orElse(named))
            .distinct()
            .toList();
    List<ErasureSubject.Site> of =
        ids.stream()
            .map(id -> new ErasureSubject.Site(id, dimension(sites, id, property)))
            .toList();
    return new ErasureOrder(
        new ErasureSubject(
            of,
            new HashSet<>(texts(json.path("visitorIds"), "subject.visitorIds", MOST_IDS)),
            property,
            date(json.path("from"), "subject.from"),
            date(json.path("to"), "subject.to"),
            filter(json.path("filter"))),
        backups(json.path("backups")),
        name(json.path("name")),
        ids.stream().filter(id -> sites.byId(id).isEmpty()).collect(Collectors.toSet()));
  }

  private static Optional<String> name(JsonNode given) {
    if (given.isMissingNode() || given.isNull()) {
      return Optional.empty();
    }
    if (!NAME.matcher(given.asText()).matches()) {
      throw new IllegalArgumentException(
          "subject.name has letters, digits, dots, dashes and underscores");
    }
    return Optional.of(given.asText());
  }

  private static Backups backups(JsonNode given) {
    if (given.isMissingNode() || given.asText().equals("Rewrite")) {
      return Backups.REWRITE;
    }
    if (given.asText().equals("Expire")) {
      return Backups.EXPIRE;
    }
    throw new IllegalArgumentException("subject.backups is Rewrite or Expire");
  }

  private static OptionalInt dimension(
      Sites sites, String siteId, Optional<ErasureSubject.Property> property) {
    return property
        .flatMap(
            wanted ->
                sites
                    .byId(siteId)
                    .flatMap(
                        site ->
                            site.properties().stream()
                                .filter(each -> each.kind() == CustomProperty.Kind.DIMENSION)
                                .filter(each -> each.name().equals(wanted.name()))
                                .findFirst()))
        .map(found -> OptionalInt.of(found.index()))
        .orElseGet(OptionalInt::empty);
  }

  private static Optional<ErasureSubject.Property> property(JsonNode given) {
    if (given.isMissingNode() || given.isNull()) {
      return Optional.empty();
    }
    return Optional.of(
        new ErasureSubject.Property(
            text(given.path("name"), "subject.property.name"),
            text(given.path("value"), "subject.property.value")));
  }

  private static Map<String, String> filter(JsonNode given) {
    if (!given.isMissingNode() && !given.isObject()) {
      throw new IllegalArgumentException(
          "subject.filter is an object with some of: " + String.join(", ", ErasureSubject.FILTERS));
    }
    Map<String, String> filter = new TreeMap<>();
    given
        .properties()
        .forEach(
            each -> filter.put(each.getKey(), text(each.getValue(), "a value of subject.filter")));
    return filter;
  }

  private static Optional<LocalDate> date(JsonNode given, String what) {
    if (given.isMissingNode() || given.isNull()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(given.asText()));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(what + " is a day such as 2026-05-04", e);
    }
  }

  private static List<String> texts(JsonNode given, String what, int most) {
    if (given.isMissingNode() || given.isNull()) {
      return List.of();
    }
    if (!given.isArray() || given.size() > most) {
      throw new IllegalArgumentException("%s is a list of at most %d".formatted(what, most));
    }
    List<String> texts = new ArrayList<>();
    given.forEach(each -> texts.add(text(each, "an entry of " + what)));
    return texts;
  }

  private static String text(JsonNode given, String what) {
    if (!given.isTextual() || given.asText().isEmpty() || given.asText().length() > LONGEST) {
      throw new IllegalArgumentException(
          "%s is a text of 1 to %d characters".formatted(what, LONGEST));
    }
    return given.asText();
  }

  /** Nothing personal. */
  @Override
  public String toString() {
    return subject.toString();
  }
}
