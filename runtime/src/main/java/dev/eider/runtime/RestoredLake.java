package dev.eider.runtime;

import dev.eider.runtime.backup.Aside;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.job.JobRequest;
import dev.eider.runtime.job.JobState;
import dev.eider.runtime.job.Jobs;
import dev.eider.runtime.state.StateDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lake that came out of a backup. The restore did again what was erased as the place knows that
 * it came from; erasures that were asked for since backups go elsewhere are beside those. They are
 * done again at the first start, before anybody can ask.
 */
final class RestoredLake {

  private static final Logger LOG = LoggerFactory.getLogger(RestoredLake.class);
  private static final String DONE = "erased-again";

  private RestoredLake() {}

  /** Does it, once after each restore. Where it cannot be done it is said, and tried again. */
  static void eraseAgain(Path data, Jobs jobs, Disk disk, InstantSource clock) throws IOException {
    byte[] restored =
        new Aside(data, disk, clock)
            .restored()
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .orElse(new byte[0]);
    StateDirectory state = StateDirectory.open(data.resolve("state"), disk);
    if (restored.length == 0
        || state.read(DONE).filter(done -> Arrays.equals(done, restored)).isPresent()) {
      return;
    }
    String id = "restored-" + clock.instant().toString().replace(":", "");
    jobs.submit("erase", id, JobRequest.of(true));
    try {
      JobState ended = jobs.await("erase", id).orElseThrow();
      if (ended.phase() == JobState.Phase.SUCCEEDED) {
        state.write(DONE, restored);
      } else {
        LOG.warn(
            "erasures that are written down beside the backups could not be done again to what was"
                + " restored: {}. People who were erased may be there until the next run of eider"
                + " erase, or the next start",
            ended.error());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
