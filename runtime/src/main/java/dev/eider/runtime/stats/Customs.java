package dev.eider.runtime.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a site's settings make of a question: its custom dimensions and metrics, looked up by name
 * or index, its saved segments, and for how long its visitors are known.
 */
record Customs(List<Custom> declared, List<Segment> segments, boolean knownAcrossDays) {

  Customs(Scope scope) {
    this(scope.customs(), scope.segments(), scope.knownAcrossDays());
  }

  /**
   * The same question with what the site declares in the place of names.
   *
   * @throws InvalidQuery when a name is not that of one, or it does not go with the rest
   */
  Query resolve(Query query) {
    boolean asked =
        query.metrics().stream().anyMatch(metric -> metric instanceof CustomMetric)
            || query.mentioned().anyMatch(dimension -> dimension instanceof CustomDimension)
            || query
                .filter()
                .each()
                .anyMatch(f -> f instanceof Filter.Done || f instanceof Filter.Saved);
    if (!asked) {
      return query;
    }
    Query resolved =
        query.with(
            query.metrics().stream().map(this::resolve).toList(),
            query.dimensions().stream().map(this::resolve).toList(),
            filters(query.filters()),
            query.orders().stream().map(this::resolve).toList());
    QueryRules.check(resolved);
    return resolved;
  }

  /** What a segment holds stands at the top like what the question itself says. */
  private List<Filter> filters(List<Filter> asked) {
    List<Filter> top = new ArrayList<>();
    asked.forEach(filter -> FilterParser.flatten(resolve(filter), top));
    return List.copyOf(top);
  }

  private Metric resolve(Metric metric) {
    return switch (metric) {
      case Figure figure -> figure;
      case CustomMetric custom ->
          new CustomMetric(
              custom.aggregate(), custom.key(), Optional.of(find(custom.key(), false)));
    };
  }

  private Dimension resolve(Dimension dimension) {
    return dimension instanceof CustomDimension custom
        ? new CustomDimension(custom.key(), Optional.of(find(custom.key(), true)))
        : dimension;
  }

  /**
   * The same filter with what the site declares in the place of names.
   *
   * @throws InvalidQuery when a name is not that of one
   */
  Filter resolve(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> all) -> new Filter.And(all.stream().map(this::resolve).toList());
      case Filter.Or(List<Filter> any) -> new Filter.Or(any.stream().map(this::resolve).toList());
      case Filter.Not(Filter inner) -> new Filter.Not(resolve(inner));
      case Filter.Done(Filter what, boolean ignored) ->
          new Filter.Done(resolve(what), knownAcrossDays);
      case Filter.Match match ->
          new Filter.Match(
              match.comparison(),
              match.negated(),
              resolve(match.dimension()),
              match.clauses(),
              match.caseSensitive());
      case Filter.Reached reached -> reached;
      case Filter.Saved(List<String> keys) -> segments(keys);
    };
  }

  private Filter segments(List<String> keys) {
    List<Filter> any = new ArrayList<>();
    for (String key : keys) {
      Segment found =
          segments.stream()
              .filter(segment -> segment.key().equals(key))
              .findFirst()
              .orElseThrow(() -> new InvalidQuery(unknownSegment(key)));
      any.add(resolve(new Filter.And(found.filters())));
    }
    return any.size() == 1 ? any.getFirst() : new Filter.Or(List.copyOf(any));
  }

  private String unknownSegment(String key) {
    return "segment %s is not one of this site's; %s"
        .formatted(
            Segment.quoted(key),
            segments.isEmpty()
                ? "it has none, save one, or declare one in its spec under segments"
                : "possible are "
                    + segments.stream().map(Segment::shown).collect(Collectors.joining(", ")));
  }

  private Query.Order resolve(Query.Order order) {
    return new Query.Order(
        order.key() instanceof Metric metric ? resolve(metric) : resolve((Dimension) order.key()),
        order.descending());
  }

  private Custom find(String key, boolean dimension) {
    boolean byIndex = key.matches("[1-9][0-9]?");
    return declared.stream()
        .filter(custom -> custom.isDimension() == dimension)
        .filter(
            custom -> byIndex ? custom.index() == Integer.parseInt(key) : custom.name().equals(key))
        .findFirst()
        .orElseThrow(() -> new InvalidQuery(unknown(key, dimension)));
  }

  private String unknown(String key, boolean dimension) {
    String possible =
        declared.stream()
            .filter(custom -> custom.isDimension() == dimension)
            .map(custom -> custom.name() + " (" + custom.index() + ")")
            .collect(Collectors.joining(", "));
    return "custom %s \"%s\" is not one of this site's; %s"
        .formatted(
            dimension ? "dimension" : "metric",
            ParsedJson.brief(key),
            possible.isEmpty()
                ? "it has none, they are declared in its spec under properties"
                : "possible are " + possible);
  }
}
