package dev.eider.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PostgresServerTest {

  @Test
  void keepsWhatWasCommittedOverACrashAndAStop() throws Exception {
    try (PostgresServer server = PostgresServer.started()) {
      PostgresServer.Database database = server.database();
      database.psql("CREATE TABLE t (i int); INSERT INTO t VALUES (1)");
      server.crash();
      assertThatThrownBy(() -> database.psql("SELECT 1")).isInstanceOf(IOException.class);
      server.start();
      database.psql("INSERT INTO t VALUES (2)");
      server.stop();
      server.start();
      assertThat(database.psql("SELECT i FROM t ORDER BY i")).isEqualTo("1\n2");
    }
  }

  @Test
  void aSharedOneHasADatabaseForEachTest() throws Exception {
    PostgresServer.Database one = PostgresServer.shared().database();
    PostgresServer.Database other = PostgresServer.shared().database();
    one.psql("CREATE TABLE t (i int)");
    String tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assertThat(one.psql(tables)).isEqualTo("1");
    assertThat(other.psql(tables)).isEqualTo("0");
    assertThat(other.server()).isSameAs(one.server());
  }
}
