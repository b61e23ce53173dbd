package dev.eider.runtime.web;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Which endpoint answers which path and method.
 *
 * <p>Our own instead of Helidon's routing: one look into a map for the paths that are asked for all
 * the time, and 404 and 405 that look alike everywhere.
 */
final class Routes {

  /** Answers one kind of request. */
  @FunctionalInterface
  interface Endpoint {
    void answer(Exchange exchange) throws Exception;
  }

  private final Map<String, Map<Method, Endpoint>> exact;
  private final List<Pattern> patterns;
  private final UnaryOperator<String> usualNames;

  private Routes(Builder builder) {
    this.exact = Map.copyOf(builder.exact);
    this.patterns = List.copyOf(builder.patterns);
    this.usualNames = builder.usualNames;
  }

  static Builder builder() {
    return new Builder();
  }

  /**
   * Finds and calls the endpoint.
   *
   * @throws Refusal 404 or 405 when there is none
   */
  void answer(Exchange exchange) throws Exception {
    Method method = exchange.method();
    Map<Method, Endpoint> methods = exact.get(exchange.path());
    String path = methods == null ? usualNames.apply(exchange.path()) : exchange.path();
    if (methods == null && !path.equals(exchange.path())) {
      methods = exact.get(path);
    }
    if (methods == null) {
      Match match =
          patterns.stream()
              .flatMap(pattern -> pattern.match(path).stream())
              .findFirst()
              .orElseThrow(() -> Refusal.of(Status.NOT_FOUND_404, "there is nothing at this path"));
      exchange.parameters(match.parameters());
      methods = match.methods();
    }
    Endpoint endpoint = methods.get(method);
    if (endpoint == null && method.equals(Method.HEAD)) {
      endpoint = methods.get(Method.GET);
    }
    if (endpoint == null) {
      throw notAllowed(method, methods);
    }
    endpoint.answer(exchange);
  }

  private static Refusal notAllowed(Method method, Map<Method, Endpoint> methods) {
    TreeSet<String> allowed = new TreeSet<>();
    methods.keySet().forEach(known -> allowed.add(known.text()));
    String list = String.join(", ", allowed);
    return Refusal.of(
        Status.METHOD_NOT_ALLOWED_405,
        "%s is not possible here; possible: %s".formatted(method.text(), list),
        HeaderValues.create(HeaderNames.ALLOW, list));
  }

  /** Collects routes. */
  static final class Builder {

    private final Map<String, Map<Method, Endpoint>> exact = new HashMap<>();
    private final List<Pattern> patterns = new ArrayList<>();
    private UnaryOperator<String> usualNames = UnaryOperator.identity();

    /** Sets what path a path that is nowhere in full stands for; it may change at any time. */
    Builder usualNames(UnaryOperator<String> names) {
      usualNames = names;
      return this;
    }

    /** Adds one; a segment of the path in braces matches any one segment. */
    Builder on(Method method, String path, Endpoint endpoint) {
      if (path.contains("{")) {
        List<String> segments = List.of(path.split("/", -1));
        patterns.stream()
            .filter(pattern -> pattern.segments().equals(segments))
            .findFirst()
            .orElseGet(
                () -> {
                  Pattern pattern = new Pattern(segments, new HashMap<>());
                  patterns.add(pattern);
                  return pattern;
                })
            .methods()
            .put(method, endpoint);
      } else {
        exact.computeIfAbsent(path, any -> new HashMap<>()).put(method, endpoint);
      }
      return this;
    }

    Routes build() {
      return new Routes(this);
    }
  }

  private record Match(Map<Method, Endpoint> methods, Map<String, String> parameters) {}

  private record Pattern(List<String> segments, Map<Method, Endpoint> methods) {

    Optional<Match> match(String path) {
      List<String> given = List.of(path.split("/", -1));
      if (given.size() != segments.size()) {
        return Optional.empty();
      }
      Map<String, String> parameters = new HashMap<>();
      for (int i = 0; i < given.size(); i++) {
        String segment = segments.get(i);
        if (segment.startsWith("{")) {
          parameters.put(segment.substring(1, segment.length() - 1), given.get(i));
        } else if (!segment.equals(given.get(i))) {
          return Optional.empty();
        }
      }
      return Optional.of(new Match(methods, parameters));
    }
  }
}
