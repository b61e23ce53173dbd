package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.server.S3Keys;
import dev.eider.runtime.server.S3Server;
import dev.eider.runtime.sql.AdHocSql;
import dev.eider.runtime.sql.InvalidSql;
import dev.eider.runtime.sql.SqlAnswer;
import dev.eider.runtime.sql.SqlCancel;
import dev.eider.runtime.sql.SqlFormat;
import dev.eider.runtime.sql.SqlLimits;
import dev.eider.runtime.sql.SqlRequest;
import dev.eider.runtime.sql.SqlScope;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQL over a lake whose files lie in a bucket: they are read, and its keys are not shown. */
class SqlInBucketTest {

  @TempDir Path temporary;

  @Test
  void readsItsSitesFilesAndNothingElse() throws Exception {
    try (S3Server server = S3Server.withTemporaryKeys()) {
      S3Keys keys = server.temporaryKeys(Duration.ofMinutes(5));
      try (Lake lake =
          Lake.open(
              Samples.settings(temporary.resolve("data"))
                  .withPlace(
                      ServerPlaces.inBucket(
                          server.bucket(), server.endpoint(), keys, temporary.resolve("keys"))),
              Disk.real())) {
        lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
        lake.accept(
            Samples.numbered(
                1,
                List.of(
                    Samples.full("a", "v1", LakeFixture.MORNING),
                    Samples.view("b", "v2", LakeFixture.MORNING, "/secret"))));
        lake.flush();
        lake.settle(step -> {});
        lake.accept(
            Samples.numbered(3, List.of(Samples.view("a", "v1", LakeFixture.MORNING, "/hot"))));
        assertThat(rows(lake, "SELECT pathname FROM events ORDER BY 1"))
            .isEqualTo("{\"pathname\":\"/hot\"}\n{\"pathname\":\"/shop\"}\n");
        assertThat(rows(lake, "SELECT landing_page, revenue FROM sessions"))
            .isEqualTo("{\"landing_page\":null,\"revenue\":12.50}\n");
        for (String attack :
            List.of(
                "FROM duckdb_secrets()",
                "FROM which_secret('s3://%s/x', 's3')".formatted(server.bucket()),
                "FROM read_parquet('s3://%s/**')".formatted(server.bucket()),
                "FROM glob('s3://%s/**')".formatted(server.bucket()))) {
          assertThatThrownBy(() -> rows(lake, attack))
              .isInstanceOf(InvalidSql.class)
              .message()
              .doesNotContain(keys.secret(), keys.token());
        }
      }
    }
  }

  private String rows(Lake lake, String query) throws Exception {
    SqlLimits limits =
        new SqlLimits(
            Duration.ofSeconds(60), 64L << 20, 1, 64L << 20, temporary.resolve("scratch"));
    try (SqlAnswer answer =
        new AdHocSql(limits)
            .answer(
                new SqlRequest(query, Map.of(), SqlFormat.NDJSON, 100),
                folder -> lake.excerpt(List.of("a"), folder),
                new SqlScope(ZoneOffset.UTC, relation -> relation),
                new SqlCancel())) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      answer.writeTo(out);
      return out.toString(StandardCharsets.UTF_8);
    }
  }
}
