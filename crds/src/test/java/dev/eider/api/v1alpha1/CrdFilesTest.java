package dev.eider.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrdFilesTest {

  private static final Path MADE = Path.of("target/crds-finished");
  private static final Path CHECKED_IN = Path.of("yaml");
  private static final Path IN_CHART = Path.of("../helm/eider/files/crds");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "analyticssites.yaml",
        "retentionpolicies.yaml",
        "analyticsbackups.yaml",
        "erasurerequests.yaml"
      })
  void checkedInFilesSayWhatTheTypesSay(String file) throws IOException {
    // With -Dcrds.write nothing is made beside the files that are checked in.
    Path made = Files.exists(MADE.resolve(file)) ? MADE.resolve(file) : CHECKED_IN.resolve(file);
    for (Path directory : List.of(CHECKED_IN, IN_CHART)) {
      assertThat(directory.resolve(file))
          .as("run: mvn -pl crds process-classes -Dcrds.write=true")
          .hasSameTextualContentAs(made);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "analyticssites.yaml",
        "retentionpolicies.yaml",
        "analyticsbackups.yaml",
        "erasurerequests.yaml"
      })
  void filesStaySmallEnoughForPlainApply(String file) throws IOException {
    assertThat(Files.size(CHECKED_IN.resolve(file))).isLessThan(200_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "analyticssites.yaml",
        "retentionpolicies.yaml",
        "analyticsbackups.yaml",
        "erasurerequests.yaml"
      })
  void everyListAndStringIsBounded(String file) throws IOException {
    JsonNode crd =
        Serialization.unmarshal(Files.readString(CHECKED_IN.resolve(file)), JsonNode.class);
    List<String> unbounded = new ArrayList<>();
    for (JsonNode version : crd.at("/spec/versions")) {
      collectUnbounded(version.at("/schema/openAPIV3Schema"), "", unbounded);
    }
    assertThat(unbounded).isEmpty();
  }

  private static void collectUnbounded(JsonNode schema, String path, List<String> unbounded) {
    boolean bounded =
        switch (schema.path("type").asText()) {
          case "string" -> schema.has("maxLength") || schema.has("enum");
          case "array" -> schema.has("maxItems");
          case "object" -> !schema.has("additionalProperties") || schema.has("maxProperties");
          default -> true;
        };
    if (!bounded) {
      unbounded.add(path);
    }
    schema
        .path("properties")
        .properties()
        .forEach(
            field -> collectUnbounded(field.getValue(), path + "." + field.getKey(), unbounded));
    if (schema.has("items")) {
      collectUnbounded(schema.get("items"), path + "[]", unbounded);
    }
    if (schema.path("additionalProperties").isObject()) {
      collectUnbounded(schema.get("additionalProperties"), path + "{}", unbounded);
    }
  }
}
