package dev.eider.runtime.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.golden.GoldenVector;
import dev.eider.runtime.golden.Mutations;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is sent, an adapter makes drafts of it that can be stored, or says why not. */
class AdapterFuzzTest {

  private static final long SEED = Long.getLong("fuzz.seed", 7);
  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 60);
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  @Timeout(120)
  void everyAdapterTakesEverything() throws IOException {
    Mutations mutations = new Mutations(SEED);
    List<GoldenVector> vectors = GoldenVector.all().toList();
    int drafts = 0;
    int rejections = 0;
    for (int round = 0; round < ROUNDS; round++) {
      for (GoldenVector vector : vectors) {
        byte[] body = mutations.of(vector.body(GoldenVector.INGEST_KEY));
        String query = mutations.of(vector.query());
        for (Adapted adapted : adapted(body, query)) {
          List<? extends Adapted> items =
              switch (adapted) {
                case Batch batch -> batch.items().stream().map(Adapted.class::cast).toList();
                case Adapted one -> List.of(one);
              };
          for (Adapted item : items) {
            if (item instanceof Draft draft) {
              check(draft);
              drafts++;
            } else if (item instanceof Rejection rejection) {
              check(rejection);
              rejections++;
            }
          }
        }
      }
    }
    // Else the mutations are too wild or too tame to find anything.
    assertThat(drafts).isGreaterThan(1000);
    assertThat(rejections).isGreaterThan(1000);
  }

  /** Each is also given what is meant for the others. */
  private static List<Adapted> adapted(byte[] body, String query) {
    return List.of(
        PlausibleAdapter.post(body),
        PlausibleAdapter.get(query, "https://blog.example.com/"),
        UmamiAdapter.send(body),
        UmamiAdapter.batch(body),
        GoatCounterAdapter.count(query, "blog.example.com", "https://blog.example.com/"),
        GoatCounterAdapter.api(body, "blog.example.com"),
        MatomoRequest.read(query, body, "").adapted(),
        EventsAdapter.post(body));
  }

  private static void check(Draft draft) throws IOException {
    assertThat(draft.name()).isNotEmpty();
    assertThat(draft.sites()).isNotEmpty();
    assertThat(draft.url().pathname()).isNotEmpty();
    if (!draft.props().isEmpty()) {
      assertThat(JSON.readTree(draft.props()).size()).isBetween(1, 30);
    }
    if (draft.order().isPresent() && !draft.order().get().items().isEmpty()) {
      assertThat(JSON.readTree(draft.order().get().items()).isArray()).isTrue();
    }
    // A record of the journal has at most 1 MiB, and a text of ours none that is half a character.
    assertThat(draft.toString().getBytes(UTF_8)).hasSizeLessThan(500_000);
    assertThat(UTF_8.newEncoder().canEncode(draft.toString())).isTrue();
  }

  private static void check(Rejection rejection) {
    assertThat(rejection.status()).isIn(400, 413);
    assertThat(rejection.errors()).isNotEmpty();
  }

  @Test
  void aTreeIsNoLargerThanMemory() {
    String many = "{\"payload\":{\"data\":[" + String.join(",", Collections.nCopies(300_000, "{}"));
    assertThat(UmamiAdapter.send(many.getBytes(UTF_8))).isInstanceOf(Rejection.class);
    byte[] fields =
        ("[{" + String.join(",", Collections.nCopies(300_000, "\"a\":{}")) + "}]").getBytes(UTF_8);
    assertThat(EventsAdapter.post(fields)).isInstanceOf(Batch.class);
  }

  @Test
  void aBatchHasSoManyEventsAndNoMore() {
    String event = "{\"n\":\"pageview\",\"u\":\"https://blog.example.com/\"}";
    for (boolean lines : List.of(true, false)) {
      String most = many(event, EventsAdapter.MOST_EVENTS, lines);
      assertThat(EventsAdapter.post(most.getBytes(UTF_8)))
          .isInstanceOfSatisfying(
              Batch.class,
              batch ->
                  assertThat(batch.items())
                      .hasSize(EventsAdapter.MOST_EVENTS)
                      .allMatch(Draft.class::isInstance));
      String more = many(event, EventsAdapter.MOST_EVENTS + 1, lines);
      assertThat(EventsAdapter.post(more.getBytes(UTF_8)))
          .isInstanceOfSatisfying(
              Rejection.class, rejection -> assertThat(rejection.status()).isEqualTo(413));
    }
  }

  private static String many(String event, int count, boolean lines) {
    String all = String.join(lines ? "\n" : ",", Collections.nCopies(count, event));
    return lines ? all : "[" + all + "]";
  }
}
