package dev.eider.runtime.web;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** {@code GET /api/openapi.yaml} and {@code .json}: the APIs that clients use, as OpenAPI 3.1. */
final class ApiDocument {

  private static final Header YAML =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/yaml");
  private static final Header KEEP =
      HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "public, max-age=300");

  private final byte[] yaml;
  private final byte[] json;

  ApiDocument() {
    try (InputStream in =
        Objects.requireNonNull(
            ApiDocument.class.getResourceAsStream("openapi.yaml"), "openapi.yaml is missing")) {
      yaml = in.readAllBytes();
      json = Json.bytes(new YAMLMapper().readTree(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void on(Routes.Builder routes) {
    routes.on(
        Method.GET,
        "/api/openapi.yaml",
        exchange -> exchange.with(KEEP).send(Status.OK_200, YAML, yaml));
    routes.on(
        Method.GET,
        "/api/openapi.json",
        exchange -> exchange.with(KEEP).send(Status.OK_200, Exchange.JSON, json));
  }
}
