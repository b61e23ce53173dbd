import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Finishes the CRDs that fabric8's generator makes: what it cannot say or says twice.
 *
 * <p>Usage: {@code FinishCrds GENERATED_DIRECTORY OUT_DIRECTORY...}
 */
public final class FinishCrds {

  private static final String HEADER =
      "# Made from the Java types in crds/; change those, then: mvn -pl crds process-classes"
          + " -Dcrds.write=true\n";
  private static final int QUANTITY_LENGTH = 32;

  private static final ObjectMapper YAML =
      new ObjectMapper(
          new YAMLFactory()
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));

  private FinishCrds() {}

  public static void main(String[] arguments) throws Exception {
    List<Path> generated;
    try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
      generated = files.filter(file -> file.toString().endsWith(".yml")).sorted().toList();
    }
    for (Path file : generated) {
      ObjectNode crd = (ObjectNode) YAML.readTree(file.toFile());
      finish(crd);
      String name = crd.at("/spec/names/plural").asText() + ".yaml";
      for (String directory : List.of(arguments).subList(1, arguments.length)) {
        write(Path.of(directory, name), HEADER + YAML.writeValueAsString(crd));
      }
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void finish(ObjectNode crd) throws ClassNotFoundException {
    ((ObjectNode) crd.at("/spec/names")).putArray("categories").add("eider");
    for (JsonNode version : crd.at("/spec/versions")) {
      Class<?> kind =
          Class.forName(
              "dev.eider.api.%s.%s"
                  .formatted(
                      version.path("name").asText(), crd.at("/spec/names/kind").asText()));
      columns((ObjectNode) version, kind);
      schema(version.at("/schema/openAPIV3Schema"));
      conditions((ObjectNode) version.at("/schema/openAPIV3Schema/properties/status/properties"));
    }
  }

  /** In the order of the annotations, and without the default priority, which Argo CD shows as drift. */
  private static void columns(ObjectNode version, Class<?> kind) {
    List<String> order =
        Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
            .map(AdditionalPrinterColumn::name)
            .toList();
    List<JsonNode> columns =
        StreamSupport.stream(version.path("additionalPrinterColumns").spliterator(), false)
            .sorted(Comparator.comparingInt(column -> order.indexOf(column.path("name").asText())))
            .toList();
    columns.forEach(column -> ((ObjectNode) column).remove("priority"));
    version.putArray("additionalPrinterColumns").addAll(columns);
  }

  /** A condition a type, so that several writers can each own theirs. */
  private static void conditions(ObjectNode status) {
    ObjectNode conditions = (ObjectNode) status.path("conditions");
    conditions.put("x-kubernetes-list-type", "map");
    conditions.putArray("x-kubernetes-list-map-keys").add("type");
  }

  private static void schema(JsonNode node) {
    if (node instanceof ObjectNode object) {
      once(object, "x-kubernetes-validations");
      whole(object, "minimum");
      whole(object, "maximum");
      if (object.path("x-kubernetes-int-or-string").asBoolean()) {
        object.put("maxLength", QUANTITY_LENGTH);
      }
    }
    node.forEach(FinishCrds::schema);
  }

  /** An annotation on a record's component is on its field and on its accessor, so it counts twice. */
  private static void once(ObjectNode object, String list) {
    if (object.path(list) instanceof ArrayNode all) {
      LinkedHashSet<JsonNode> distinct = new LinkedHashSet<>();
      all.forEach(distinct::add);
      object.putArray(list).addAll(distinct);
    }
  }

  /** The API server writes bounds of integers without a fraction. */
  private static void whole(ObjectNode object, String bound) {
    if (object.path(bound).isNumber()) {
      object.put(bound, object.path(bound).asLong());
    }
  }
}
