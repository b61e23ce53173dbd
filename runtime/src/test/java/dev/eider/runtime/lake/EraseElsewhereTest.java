package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.server.PostgresServer;
import dev.eider.runtime.server.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** Erasures from a lake in a bucket that keeps old versions, and from a catalog in PostgreSQL. */
class EraseElsewhereTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
  private static final String ALICE = "zz-alice-0123456789abcdef";

  @TempDir Path temporary;

  @Test
  void oldVersionsOfObjectsGoToo() throws Exception {
    try (S3Server server = S3Server.withVersions()) {
      String bucket = server.bucket();
      keepVersions(server, bucket);
      Path credentials = temporary.resolve("keys");
      server.keys().write(credentials);
      LakePlace place =
          new LakePlace(
              Optional.of(
                  ServerPlaces.bucket(bucket, server.endpoint(), credentials, Optional.empty())),
              Optional.empty(),
              ServerPlaces.LAKE_ID);
      Path data = temporary.resolve("data");
      long versions =
          eraseFrom(
              data,
              place,
              () -> {
                try {
                  assertThat(ByteSearch.holding(server.everything(), ALICE)).isNotEmpty();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(versions).isPositive();
      assertThat(ByteSearch.holding(server.everything(), ALICE)).isEmpty();
      assertThat(ByteSearch.holding(data, ALICE)).isEmpty();
    }
  }

  @Test
  void tablesOfPostgresAreWrittenAnew() throws Exception {
    PostgresServer.Database database = PostgresServer.shared().database();
    LakePlace place =
        new LakePlace(Optional.empty(), Optional.of(database.uri()), ServerPlaces.LAKE_ID);
    Path data = temporary.resolve("data");
    eraseFrom(
        data, place, () -> assertThat(holding(database)).contains("ducklake_file_column_stats"));
    assertThat(ByteSearch.holding(data, ALICE)).isEmpty();
    assertThat(holding(database)).isBlank();
  }

  /** Tables in whose files Alice is. */
  private static String holding(PostgresServer.Database database) {
    try {
      database.psql("CHECKPOINT");
      return database.psql(
          """
          SELECT string_agg(relname, ', ') FROM pg_class
          WHERE relkind = 'r' AND relname LIKE 'ducklake%'
            AND position('zz-alice'::bytea IN pg_read_binary_file(pg_relation_filepath(oid))) > 0\
          """);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Answers how many old versions of objects went. */
  private static long eraseFrom(Path data, LakePlace place, Runnable before) throws Exception {
    try (Lake lake = Lake.open(Samples.settings(data).withPlace(place), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      lake.accept(
          Samples.numbered(
              1,
              List.of(
                  Samples.view("a", ALICE, NOON, "/a"),
                  Samples.full("a", "bob", NOON),
                  Samples.view("a", "bob", NOON.plus(Duration.ofDays(1)), "/b"))));
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      before.run();
      EraseReport report =
          lake.erase(
              new ErasureSubject(
                  List.of(new ErasureSubject.Site("a", OptionalInt.empty())),
                  Set.of(ALICE),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Map.of()),
              false,
              Steps.UNOBSERVED);
      assertThat(report.events()).isEqualTo(1);
      assertThat(Samples.count(lake, "a")).isEqualTo(2);
      lake.accept(Samples.numbered(4, List.of(Samples.view("a", "dora", NOON, "/d"))));
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      assertThat(Samples.count(lake, "a")).isEqualTo(3);
      return report.versionsDeleted();
    }
  }

  static void keepVersions(S3Server server, String bucket) {
    try (S3Client client =
        S3Client.builder()
            .endpointOverride(URI.create(server.endpoint()))
            .region(Region.of(S3Server.REGION))
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(server.keys().id(), server.keys().secret())))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build()) {
      client.putBucketVersioning(
          request ->
              request
                  .bucket(bucket)
                  .versioningConfiguration(
                      versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
    }
  }
}
