package dev.eider.runtime.web;

import static java.net.http.HttpRequest.BodyPublishers.ofByteArray;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.golden.GoldenVector;
import dev.eider.runtime.golden.Mutations;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is sent, no endpoint fails, and the next event is taken. */
final class CollectFuzzTest {

  private static final long SEED = Long.getLong("fuzz.seed", 7);
  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 3);

  @Test
  @Timeout(300)
  void noEndpointFails(@TempDir Path directory) throws Exception {
    Mutations mutations = new Mutations(SEED);
    List<GoldenVector> vectors = GoldenVector.all().toList();
    try (WebFixture eider = WebFixture.in(directory)) {
      for (int round = 0; round < ROUNDS; round++) {
        for (GoldenVector vector : vectors) {
          // The client sends no address with half an escape in it.
          String query = mutations.of(vector.query()).replaceAll("%(?![0-9a-fA-F]{2})", "%25");
          byte[] body = mutations.of(vector.body(eider.ingestKey()));
          HttpRequest.Builder request =
              eider
                  .to(vector.path() + (query.isEmpty() ? "" : "?" + query))
                  .method(vector.method(), ofByteArray(body));
          vector.headers(eider.ingestKey()).forEach(request::header);
          assertThat(eider.send(request).statusCode())
              .as("%s with the body %s and the query %s", vector, new String(body), query)
              .isBetween(200, 499);
        }
      }
      assertThat(
              eider.answer(
                  eider
                      .to("/api/event")
                      .POST(ofString("{\"n\":\"x\",\"u\":\"https://blog.example.com/\"}"))))
          .isEqualTo("202 ok");
    }
  }
}
