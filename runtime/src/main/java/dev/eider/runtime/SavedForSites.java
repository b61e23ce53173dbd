package dev.eider.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.state.SavedItems;
import dev.eider.runtime.state.StateDirectory;
import dev.eider.runtime.stats.Annotation;
import dev.eider.runtime.stats.InvalidQuery;
import dev.eider.runtime.stats.Scope;
import dev.eider.runtime.stats.Segment;
import dev.eider.runtime.stats.StatsUnavailable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people saved for sites, in the words of stats.
 *
 * @param segments filters under a name
 * @param annotations notes at a time
 */
record SavedForSites(SavedItems segments, SavedItems annotations) {

  private static final Logger LOG = LoggerFactory.getLogger(SavedForSites.class);
  private static final int MOST_SEGMENTS = 200;
  private static final int MOST_ANNOTATIONS = 1000;

  static SavedForSites open(Path state, Disk disk) throws IOException {
    return new SavedForSites(
        new SavedItems(StateDirectory.open(state.resolve("segments"), disk), MOST_SEGMENTS),
        new SavedItems(StateDirectory.open(state.resolve("annotations"), disk), MOST_ANNOTATIONS));
  }

  /** What a site's settings say, with what was saved for it. */
  Scope in(Scope scope, String siteId) {
    try {
      return scope.with(
          read(segments.of(siteId), Segment::of), read(annotations.of(siteId), Annotation::of));
    } catch (IOException e) {
      throw new StatsUnavailable("what was saved for the site could not be read", e);
    }
  }

  /**
   * What an older or newer version saved, and this one cannot use, must not keep all from asking.
   */
  private static <T> List<T> read(
      List<SavedItems.Item> items, BiFunction<Long, JsonNode, T> parse) {
    List<T> read = new ArrayList<>();
    for (SavedItems.Item item : items) {
      try {
        read.add(parse.apply(item.id(), item.value()));
      } catch (InvalidQuery e) {
        LOG.debug("number {} of what was saved cannot be used: {}", item.id(), e.getMessage());
      }
    }
    return read;
  }
}
