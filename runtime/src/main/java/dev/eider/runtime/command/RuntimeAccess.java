package dev.eider.runtime.command;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Flags that say which running runtime is asked, and how its answers are read. */
final class RuntimeAccess {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--runtime",
      paramLabel = "URL",
      defaultValue = "${env:EIDER_RUNTIME:-http://127.0.0.1:8080}",
      description =
          "Where the runtime answers. Default: EIDER_RUNTIME, which a pod knows of itself, or"
              + " http://127.0.0.1:8080.")
  private @Nullable URI runtime;

  @Option(
      names = "--admin-token-file",
      paramLabel = "FILE",
      defaultValue = "${env:EIDER_ADMIN_TOKEN_FILE}",
      description = "File with the admin token or a site's stats key; or set EIDER_ADMIN_TOKEN.")
  private @Nullable Path adminTokenFile;

  /** A request to a path, with the token. */
  HttpRequest.Builder to(String path) throws IOException {
    return HttpRequest.newBuilder(requireNonNull(runtime).resolve(path))
        .header("Authorization", "Bearer " + token());
  }

  /**
   * Sends it.
   *
   * @return the body of a good answer, as it comes
   * @throws CommandFailedException with the runtime's own sentence when it is none
   */
  HttpResponse<InputStream> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    HttpResponse<InputStream> response;
    try {
      response = client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new CommandFailedException(
          "%s does not answer (%s); is the runtime up?".formatted(runtime, e), e);
    }
    if (response.statusCode() == 200) {
      return response;
    }
    try (InputStream body = response.body()) {
      byte[] told = body.readAllBytes();
      String sentence;
      try {
        sentence = JSON.readTree(told).path("error").asText();
      } catch (IOException e) {
        sentence = "something that is not JSON; is it a runtime of Eider?";
      }
      throw new CommandFailedException(
          "%s answers %d: %s".formatted(runtime, response.statusCode(), sentence));
    }
  }

  private String token() throws IOException {
    if (adminTokenFile != null) {
      return Files.readString(adminTokenFile).strip();
    }
    String fromEnvironment = System.getenv("EIDER_ADMIN_TOKEN");
    if (fromEnvironment == null || fromEnvironment.isBlank()) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(),
          "give the admin token: --admin-token-file, or EIDER_ADMIN_TOKEN");
    }
    return fromEnvironment.strip();
  }
}
