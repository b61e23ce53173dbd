package dev.eider.runtime.web;

import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eider.runtime.job.VerbException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdminJobsTest {

  @TempDir private Path directory;
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger runs = new AtomicInteger();
  private WebFixture eider;

  @BeforeEach
  void start() throws Exception {
    eider =
        new WebFixture(
            directory,
            WebSettings.onLoopback(0),
            Map.of(
                "compact",
                run -> {
                  runs.incrementAndGet();
                  run.progress("merging");
                  go.await();
                  run.checkpoint();
                  return Map.of("status", "ok", "execute", run.execute());
                },
                "backup",
                run -> {
                  runs.incrementAndGet();
                  throw new VerbException("not in this version");
                }));
  }

  @AfterEach
  void stop() {
    go.countDown();
    eider.close();
  }

  @Test
  void aJobIsAskedForOnceHoweverOftenItIsAskedFor() throws Exception {
    assertThat(eider.answer(post("compact", "{\"id\":\"a\",\"execute\":true}")))
        .startsWith("202 {\"name\":\"compact\",\"id\":\"a\",\"state\":\"");
    await().until(() -> job("compact", "a").contains("\"progress\":\"merging\""));
    assertThat(eider.answer(post("compact", "{\"id\":\"a\",\"execute\":true}")))
        .contains("\"state\":\"running\"");

    go.countDown();
    await().until(() -> job("compact", "a").contains("\"state\":\"succeeded\""));
    assertThat(job("compact", "a")).contains("\"result\":{").contains("\"execute\":true");
    assertThat(eider.answer(post("compact", "{\"id\":\"a\",\"execute\":true,\"retry\":true}")))
        .contains("\"succeeded\"");
    assertThat(eider.answer(post("compact", "{\"id\":\"a\"}")))
        .isEqualTo(
            "400 {\"error\":\"compact a was asked for before, to do something else; give this one"
                + " an id of its own\"}");
    assertThat(runs).hasValue(1);
  }

  @Test
  void jobsRunOneAtATimeAndStopWhereItIsSafe() throws Exception {
    eider.answer(post("compact", "{\"id\":\"a\"}"));
    await().until(() -> job("compact", "a").contains("\"running\""));
    assertThat(eider.answer(post("compact", "{\"id\":\"b\"}"))).contains("\"queued\"");

    assertThat(eider.answer(eider.admin("/admin/jobs/compact/a").DELETE())).startsWith("202 ");
    assertThat(eider.answer(eider.admin("/admin/jobs/compact/b").DELETE())).startsWith("202 ");
    go.countDown();
    await().until(() -> job("compact", "a").contains("\"state\":\"cancelled\""));
    await().until(() -> job("compact", "b").contains("\"state\":\"cancelled\""));
    assertThat(runs).hasValue(1);
  }

  @Test
  void aJobThatFailsSaysWhy() throws Exception {
    eider.answer(post("backup", "{\"id\":\"a\"}"));

    await().until(() -> job("backup", "a").contains("\"state\":\"failed\""));
    assertThat(job("backup", "a")).contains("\"error\":\"not in this version\"");

    assertThat(eider.answer(post("backup", "{\"id\":\"a\"}"))).contains("\"failed\"");
    assertThat(runs).hasValue(1);
    eider.answer(post("backup", "{\"id\":\"a\",\"retry\":true}"));
    await().until(() -> runs.get() == 2);
  }

  @Test
  void whatCannotBeAskedForIsSaid() throws Exception {
    assertThat(eider.answer(eider.to("/admin/jobs/compact").POST(ofString("{\"id\":\"a\"}"))))
        .startsWith("401 ");
    assertThat(eider.answer(post("polish", "{\"id\":\"a\"}")))
        .isEqualTo("404 {\"error\":\"no job is called 'polish'; there are: backup, compact\"}");
    assertThat(eider.answer(post("compact", "{}"))).startsWith("400 ");
    assertThat(eider.answer(post("compact", "{\"id\":\"a\",\"execute\":\"yes\"}")))
        .isEqualTo("400 {\"error\":\"execute must be true or false\"}");
    assertThat(eider.answer(post("compact", "{\"id\":\"a\",\"excute\":true}")))
        .isEqualTo(
            "400 {\"error\":\"excute is not known here; a job has id, execute, retry, parameters,"
                + " subject\"}");
    assertThat(eider.answer(post("compact", "{\"id\":\"a\",\"parameters\":[]}")))
        .isEqualTo("400 {\"error\":\"parameters must be an object\"}");
    assertThat(eider.answer(eider.admin("/admin/jobs/compact/none"))).startsWith("404 ");
  }

  private HttpRequest.Builder post(String name, String body) {
    return eider.admin("/admin/jobs/" + name).POST(ofString(body));
  }

  private String job(String name, String id) throws Exception {
    return eider.answer(eider.admin("/admin/jobs/" + name + "/" + id));
  }
}
