package dev.eider.runtime.collect.known;

import dev.eider.runtime.config.AddressRange;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ranges of addresses where servers live, from a file or directory of {@code *.txt} that somebody
 * mounts: a range a line. Who comes from there is flagged as {@link BotRules#DATACENTRE}.
 */
public final class Datacentres {

  private final Mounted<AddressRanges> ranges;

  /**
   * Reads what is there.
   *
   * @param places files or directories; none at all: nobody comes from a data centre
   */
  public Datacentres(List<Path> places) {
    ranges =
        new Mounted<>("data centre ranges", places, ".txt", AddressRanges.NONE, Datacentres::read);
  }

  private static AddressRanges read(List<Path> files) throws IOException {
    List<AddressRange> all = new ArrayList<>();
    for (Path file : files) {
      all.addAll(AddressRanges.ranges(file));
    }
    return AddressRanges.of(all);
  }

  /** Whether the address is a data centre's. */
  public boolean contain(InetAddress address) {
    return ranges.get().contains(address);
  }

  /** As {@link Geo#refresh}. */
  public boolean refresh() {
    return ranges.refresh();
  }

  /** What is wrong with the files, in a sentence. */
  public Optional<String> problem() {
    return ranges.problem();
  }
}
