package dev.eider.runtime.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A part of a manifest, read strictly.
 *
 * @param node what stands there; absent and null are the same
 * @param name where it stands, as messages say it: {@code AnalyticsSite blog: spec.ingest}
 */
record Part(JsonNode node, String name) {

  /** The part in a field; a part that is not there has parts that are not there. */
  Part at(String field) {
    JsonNode found = node.path(field);
    if (!isAbsent(found) && !found.isObject()) {
      throw wrong(field, found, "it must be a mapping with fields of its own");
    }
    return new Part(found, nameOf(field));
  }

  /** Whether something stands there. */
  boolean isThere() {
    return !isAbsent(node);
  }

  /** Whether something stands in a field. */
  boolean has(String field) {
    return !isAbsent(node.path(field));
  }

  /**
   * Refuses fields of other names: a slip of the pen in a setting of privacy must not pass for the
   * default.
   */
  Part only(String... fields) {
    Set<String> known = Set.of(fields);
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!known.contains(field.getKey())) {
        throw new ConfigException(
            "%s has no field '%s'; it has %s"
                .formatted(name, field.getKey(), String.join(", ", new TreeSet<>(known))));
      }
    }
    return this;
  }

  /** A text that is not blank, without blanks around it. */
  Optional<String> text(String field) {
    JsonNode found = node.path(field);
    if (isAbsent(found)) {
      return Optional.empty();
    }
    if (!found.isValueNode()) {
      throw wrong(field, found, "it must be a text");
    }
    return Optional.of(found.asText().strip()).filter(text -> !text.isEmpty());
  }

  boolean flag(String field, boolean normal) {
    JsonNode found = node.path(field);
    if (isAbsent(found)) {
      return normal;
    }
    if (!found.isBoolean()) {
      throw wrong(field, found, "it must be true or false");
    }
    return found.booleanValue();
  }

  int number(String field, int normal) {
    JsonNode found = node.path(field);
    if (isAbsent(found)) {
      return normal;
    }
    if (!found.isIntegralNumber() || !found.canConvertToInt()) {
      throw wrong(field, found, "it must be a whole number");
    }
    return found.intValue();
  }

  /** One of an enum's constants, as the API writes it: BEGINS_WITH is BeginsWith. */
  <E extends Enum<E>> E choice(String field, E normal) {
    Optional<String> found = text(field);
    if (found.isEmpty()) {
      return normal;
    }
    E[] all = normal.getDeclaringClass().getEnumConstants();
    return Arrays.stream(all)
        .filter(constant -> written(constant).equals(found.get()))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    field,
                    node.path(field),
                    "it must be one of "
                        + Arrays.stream(all).map(Part::written).collect(Collectors.joining(", "))));
  }

  /** Texts of a list. */
  List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    for (JsonNode item : list(field)) {
      if (!item.isValueNode() || item.isNull() || item.asText().isBlank()) {
        throw wrong(field, list(field), "it must be a list of texts");
      }
      texts.add(item.asText().strip());
    }
    return texts;
  }

  /** Parts of a list, each with fields of its own. */
  List<Part> parts(String field) {
    List<Part> parts = new ArrayList<>();
    for (JsonNode item : list(field)) {
      if (!item.isObject()) {
        throw wrong(field, item, "each of its items must be a mapping with fields of its own");
      }
      parts.add(new Part(item, "%s[%d]".formatted(nameOf(field), parts.size())));
    }
    return parts;
  }

  /** Makes what this part says; says where it stands when that is wrong, if it is not said yet. */
  <T> T make(Supplier<T> maker) {
    try {
      return maker.get();
    } catch (ConfigException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(name) ? e : new ConfigException(name + "." + message, e);
    }
  }

  ConfigException wrong(String field, Object found, String what) {
    return new ConfigException("%s is %s; %s".formatted(nameOf(field), found, what));
  }

  /** What stands in a list; nothing where there is none. */
  JsonNode list(String field) {
    JsonNode found = node.path(field);
    if (!isAbsent(found) && !found.isArray()) {
      throw wrong(field, found, "it must be a list");
    }
    return found;
  }

  private String nameOf(String field) {
    return name + "." + field;
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static String written(Enum<?> constant) {
    return Arrays.stream(constant.name().split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}
