package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.server.Fault;
import dev.eider.runtime.server.FaultProxy;
import dev.eider.runtime.server.S3Call;
import dev.eider.runtime.server.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** A lake in a bucket, and S3 at its worst: what was accepted is counted, once. */
class BucketFaultTest {

  /** Faults that DuckDB and the SDK cannot get over by asking again. */
  @SuppressWarnings("unused") // by name
  private static final List<Arguments> OUTAGES =
      List.of(
          Arguments.of("refuses", Fault.refuse()),
          Arguments.of("answers 500", Fault.answer(500, "InternalError")),
          Arguments.of("answers 503 to reads", Fault.answer(503, "SlowDown").on(S3Call.GET)),
          Arguments.of("answers 403", Fault.answer(403, "AccessDenied")),
          Arguments.of("refuses uploads", Fault.answer(500, "InternalError").on(S3Call.UPLOADS)),
          Arguments.of("cuts uploads", Fault.cutAfter(100).on(S3Call.UPLOADS)),
          Arguments.of("hangs with reads", Fault.hang().on(S3Call.GET)),
          Arguments.of("loses every answer", Fault.loseAnswer()));

  @TempDir Path temporary;

  private FaultProxy proxy;
  private String bucket;
  private Lake lake;
  private final Ledger ledger = new Ledger();

  @BeforeEach
  void open() throws Exception {
    S3Server server = S3Server.shared();
    bucket = server.bucket();
    proxy = FaultProxy.beforeS3(server.port());
    lake = openLake();
  }

  private Lake openLake() throws Exception {
    Lake opened =
        Lake.open(
            Samples.settings(temporary.resolve("data"))
                .withPlace(
                    ServerPlaces.inBucket(
                        bucket,
                        S3Server.endpoint(proxy),
                        S3Server.shared().keys(),
                        temporary.resolve("keys"))),
            Disk.real());
    opened.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
    ServerPlaces.hasten(opened);
    return opened;
  }

  @AfterEach
  void close() throws Exception {
    if (lake != null) {
      lake.close();
    }
    if (proxy != null) {
      proxy.close();
    }
  }

  @ParameterizedTest(name = "{0}")
  @FieldSource("OUTAGES")
  void anOutageChangesNoCountAndPasses(String what, Fault outage) throws Exception {
    ServerPlaces.forget(lake);
    ledger.accept(lake, 10);
    lake.flush();
    ledger.accept(lake, 10);
    lake.flush();
    lake.settle(Steps.UNOBSERVED);
    ledger.accept(lake, 10);
    lake.flush();
    ledger.accept(lake, 10);
    proxy.set(outage);
    int failed = 0;
    for (Runnable verb : Ledger.verbs(lake)) {
      try {
        verb.run();
      } catch (LakeException e) {
        failed++;
      }
    }
    assertThat(failed).as("verbs that failed while S3 %s", what).isPositive();
    // Senders do not wait for any of it.
    ledger.accept(lake, 10);
    proxy.pass();
    assertAllIsThereOnce();
  }

  @Test
  void aFailureAtAnyCallChangesNoCountAndPasses() throws Exception {
    int failures = 0;
    boolean reached = true;
    for (int call = 0; reached; call += 3) {
      ledger.accept(lake, 5);
      // More often than anybody asks again.
      proxy.set(Fault.answer(500, "InternalError").skipping(call).times(8));
      for (Runnable verb : Ledger.verbs(lake)) {
        try {
          verb.run();
        } catch (LakeException e) {
          failures++;
        }
      }
      reached = proxy.strikes() > 0;
      proxy.pass();
      ledger.check(lake, "after an error at call " + call);
      // Tidied each time, or there were more calls each time.
      Ledger.verbs(lake).forEach(Runnable::run);
    }
    assertThat(failures).as("verbs that were made to fail").isGreaterThan(5);
    assertAllIsThereOnce();
  }

  @Test
  void anAnswerThatIsLostAtAnyCallPassesUnseen() throws Exception {
    boolean reached = true;
    for (int call = 0; reached; call += 5) {
      ledger.accept(lake, 5);
      proxy.set(Fault.loseAnswer().skipping(call).times(1));
      Ledger.verbs(lake).forEach(Runnable::run);
      reached = proxy.strikes() > 0;
      proxy.pass();
      ledger.check(lake, "after call " + call);
    }
    assertAllIsThereOnce();
  }

  /** In the middle of an upload in parts, during a flush, a settle and a merge. */
  @SuppressWarnings("unused") // by name
  private static final List<Arguments> IN_PARTS =
      List.of(
          Arguments.of(
              "answers 500", Fault.answer(500, "InternalError").on(S3Call.UPLOAD_PART).skipping(1)),
          Arguments.of("cuts", Fault.cutAfter(1 << 20).on(S3Call.UPLOAD_PART).skipping(1)),
          Arguments.of(
              "does not begin", Fault.answer(500, "InternalError").on(S3Call.CREATE_MULTIPART)),
          Arguments.of("does not say whether it began", Fault.hang().on(S3Call.CREATE_MULTIPART)),
          Arguments.of(
              "does not end", Fault.answer(500, "InternalError").on(S3Call.COMPLETE_MULTIPART)),
          Arguments.of(
              "does not say whether it ended", Fault.hang().on(S3Call.COMPLETE_MULTIPART)));

  @ParameterizedTest(name = "{0}")
  @FieldSource("IN_PARTS")
  void anUploadInPartsThatFailsIsMadeAnew(String what, Fault fault) throws Exception {
    ServerPlaces.inSmallParts(lake);
    ledger.acceptLarge(lake, Ledger.NOON);
    failsOnce("flush", fault, lake::flush);
    ledger.acceptLarge(lake, Ledger.NOON);
    lake.flush();
    failsOnce("settle", fault, () -> lake.settle(Steps.UNOBSERVED));
    lake.settle(Steps.UNOBSERVED);
    // So much later that no visit goes on, and a file of its own.
    ledger.acceptLarge(lake, Ledger.NOON.plus(Duration.ofHours(6)));
    lake.flush();
    lake.settle(Steps.UNOBSERVED);
    failsOnce("compact", fault, () -> lake.compact(Steps.UNOBSERVED));
    assertAllIsThereOnce();
  }

  private void failsOnce(String name, Fault fault, Runnable verb) throws Exception {
    proxy.set(fault);
    assertThatThrownBy(verb::run).as(name).isInstanceOf(LakeException.class);
    assertThat(proxy.strikes()).as("strikes at " + name).isPositive();
    proxy.pass();
    ledger.check(lake, "after a failed " + name);
  }

  @Test
  void anUploadThatIsNeverAnsweredIsGivenUpAndMadeAnew() throws Exception {
    ledger.accept(lake, 10);
    failsOnce("flush", Fault.hang().on(S3Call.PUT), lake::flush);
    ServerPlaces.inSmallParts(lake);
    ledger.acceptLarge(lake, Ledger.NOON);
    failsOnce("flush", Fault.hang().on(S3Call.UPLOAD_PART).skipping(1), lake::flush);
    assertAllIsThereOnce();
  }

  @Test
  void slowUploadsHoldUpNobodyWhoSendsOrAsks() throws Exception {
    ledger.accept(lake, 10);
    lake.flush();
    ServerPlaces.inSmallParts(lake);
    ledger.acceptLarge(lake, Ledger.NOON);
    long before = ledger.accepted();
    proxy.set(Fault.slow(4 << 20).on(S3Call.UPLOAD_PART));
    CompletableFuture<FlushReport> flush = CompletableFuture.supplyAsync(lake::flush);
    Awaitility.await().until(() -> proxy.count(S3Call.UPLOAD_PART) > 1);
    ledger.accept(lake, 10);
    ledger.check(lake, "while it is being uploaded");
    assertThat(flush).as("the flush that is being uploaded").isNotDone();
    assertThat(flush.join().mark()).isGreaterThanOrEqualTo(before);
    proxy.pass();
    assertAllIsThereOnce();
  }

  @Test
  void hangsAndComesBackInTheMiddleOfAFlush() throws Exception {
    ledger.accept(lake, 10);
    proxy.set(Fault.hangAfter(100).on(S3Call.PUT).times(1));
    CompletableFuture<FlushReport> flush = CompletableFuture.supplyAsync(lake::flush);
    Awaitility.await().until(() -> proxy.strikes() > 0);
    ledger.accept(lake, 10);
    ledger.check(lake, "while the bucket hangs");
    proxy.pass();
    assertThat(flush.join().rows()).isEqualTo(10);
    assertAllIsThereOnce();
  }

  /** A name that points elsewhere for a while, or a bucket that was deleted and made again. */
  @Test
  void aFlushIsNotMadeIntoABucketThatIsNotTheLakes() throws Exception {
    ledger.accept(lake, 10);
    lake.flush();
    Path claim;
    try (Stream<Path> files = Files.walk(S3Server.shared().file(bucket, ""))) {
      claim = files.filter(file -> file.endsWith("lake.json")).findFirst().orElseThrow();
    }
    Path aside = Files.move(claim, temporary.resolve("claim"));
    ledger.accept(lake, 10);
    assertThatThrownBy(lake::flush)
        .isInstanceOf(LakeException.class)
        .hasMessageMatching(
            ".*s3://.*/lake.json is not there, which this lake has put there: see whether it is the right bucket");
    assertThat(lake.hotRows()).as("the journal lets none of them go").isEqualTo(10);
    Files.move(aside, claim);
    assertAllIsThereOnce();
  }

  /** The copy in the bucket may be some minutes old. */
  @Test
  void aCatalogThatWasBroughtBackToANewVolumeSaysWhatItDoesNotKnow() throws Exception {
    ledger.accept(lake, 10);
    lake.flush();
    assertThat(lake.troubles()).isEmpty();
    lake.close();
    Path data = temporary.resolve("data");
    Path copy = Files.copy(data.resolve("lake/catalog.ducklake"), temporary.resolve("copy"));
    lake = openLake();
    ledger.accept(lake, 10);
    lake.flush();
    lake.close();
    lake = null;
    Files.move(data, temporary.resolve("lost"));
    assertThatThrownBy(this::openLake)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("Bring the catalog back");
    Path catalog = data.resolve("lake/catalog.ducklake");
    Files.copy(copy, catalog, StandardCopyOption.REPLACE_EXISTING);
    for (int start = 0; start < 2; start++) {
      lake = openLake();
      assertThat(Samples.count(lake, "a")).as("of 20").isEqualTo(10);
      assertThat(lake.troubles())
          .singleElement()
          .asString()
          .startsWith(
              "lake: %s is older than the lake's files: 1 files under s3://".formatted(catalog))
          .contains("eider restore --parquet s3://" + bucket);
      lake.close();
    }
    Files.delete(data.resolve("lake/unknown-files.txt"));
    lake = openLake();
    lake.accept(Samples.numbered(100, List.of(Samples.view("a", "v", Instant.EPOCH, "/"))));
    lake.flush();
    lake.close();
    Files.delete(data.resolve("lake/unknown-files.txt"));
    lake = openLake();
    assertThat(lake.troubles()).as("once something was committed").isEmpty();
  }

  @Test
  void startsWhileTheBucketCannotBeReached() throws Exception {
    ledger.accept(lake, 10);
    lake.flush();
    lake.settle(Steps.UNOBSERVED);
    lake.close();
    proxy.set(Fault.refuse());
    lake = openLake();
    assertThat(lake.mark(Samples.JOURNAL)).isEqualTo(10);
    assertThat(lake.unreadable()).isEmpty();
    ledger.accept(lake, 10);
    assertThatThrownBy(lake::flush).isInstanceOf(LakeException.class);
    Awaitility.await().until(() -> !lake.figures().storage().reachable());
    assertThat(lake.figures().storage().reason()).contains(bucket);
    assertThat(lake.hotRows()).isEqualTo(10);
    proxy.pass();
    assertAllIsThereOnce();
  }

  @Test
  void aNewLakeSaysThatItsBucketCannotBeReached() throws Exception {
    lake.close();
    proxy.set(Fault.refuse());
    assertThatThrownBy(
            () ->
                Lake.open(
                    Samples.settings(temporary.resolve("other"))
                        .withPlace(
                            ServerPlaces.inBucket(
                                S3Server.shared().bucket(),
                                S3Server.endpoint(proxy),
                                S3Server.shared().keys(),
                                temporary.resolve("keys"))),
                    Disk.real()))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("Connection refused");
  }

  /** Everything accepted is counted once, and the bucket holds the lake's files and no others. */
  private void assertAllIsThereOnce() throws Exception {
    ledger.checkToTheEnd(lake);
    String root = "s3://" + bucket + "/";
    List<String> live =
        Stream.of(Schema.EVENTS, Schema.RECENT, Schema.SESSIONS, Schema.MARKS)
            .flatMap(table -> lake.liveFiles(table).stream())
            .map(file -> file.name().substring(root.length()))
            .toList();
    Set<String> there = S3Server.shared().sizes(bucket).keySet();
    String versions = ServerPlaces.data() + "main/schema_versions/";
    assertThat(
            there.stream()
                .filter(key -> key.startsWith(ServerPlaces.data()) && !key.startsWith(versions)))
        .as("files of the lake in the bucket")
        .containsExactlyInAnyOrderElementsOf(live);
    lake.close();
    lake = openLake();
    ledger.check(lake, "after a restart");
  }
}
