package dev.eider.runtime.store;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files of a lake, which DuckDB writes and reads by itself: what else has to be done to them.
 *
 * <p>Names are spelled as DuckDB's virtual column {@code filename} spells them: {@link #root}, then
 * what stands in the catalog. Every method that throws {@link IOException} may do so because the
 * medium cannot be reached, which says nothing of a file.
 */
public sealed interface Store extends AutoCloseable permits VolumeStore, BucketStore, TieredStore {

  /**
   * The files of a lake, wherever they lie; reaches for nothing yet.
   *
   * @param data the data directory, absolute
   * @throws IOException when its folders cannot be made, or certificates cannot be used
   */
  static Store of(Path data, LakePlace place, Disk disk) throws IOException {
    if (place.s3().isPresent()) {
      return new BucketStore(place.s3().get(), place);
    }
    return place.tier().isPresent()
        ? TieredStore.of(data, place, place.tier().get(), disk)
        : new VolumeStore(data, disk);
  }

  /** What the name of every file begins with; ends with a slash. */
  String root();

  /** The bucket that files lie in, if any do. */
  default Optional<BucketStore> bucket() {
    return Optional.empty();
  }

  /** Whether a file was moved away from where all are written. */
  default boolean isMoved(String name) {
    return false;
  }

  /** A file's name without what it begins with, which is the same when it was moved. */
  default String inside(String name) {
    return name.substring(root().length());
  }

  /**
   * Makes files durable that a transaction has just written.
   *
   * @throws IOException when nobody knows whether they are
   */
  void force(Collection<String> names) throws IOException;

  /** The sizes in bytes of those of some files that are there. */
  Map<String, Long> sizes(Collection<String> names) throws IOException;

  /** Whether anything is below a folder of the root, such as {@code main/events}. */
  boolean hasFolder(String folder) throws IOException;

  /**
   * The files right in a folder below the root; none where there is no folder, or where listing
   * takes long. Not to be kept for long: others may come.
   */
  Set<String> inFolder(String folder) throws IOException;

  /** All files below the root that are there. */
  List<String> names() throws IOException;

  /** The same without those that were moved elsewhere. */
  default List<String> namesHere() throws IOException {
    return names();
  }

  /**
   * Reads a file.
   *
   * @throws IOException also when it is not there
   */
  InputStream open(String name) throws IOException;

  /** Deletes a file; none by that name is no error. */
  void delete(String name) throws IOException;

  /**
   * Ends a cleanup.
   *
   * @param deleted what was deleted, by whomever: it is not to come back with a power failure
   * @return how many folders were empty by that and went, too
   */
  long deleted(Collection<String> deleted) throws IOException;

  /**
   * Gives a file a second name, where no cleanup comes by.
   *
   * @param folder below which, such as {@code unreadable/events}
   * @return that name, whether there was anything to put under it or not
   */
  String setAside(String name, String folder) throws IOException;

  /**
   * Gives files second names, under which they survive a deletion, until {@link #letGo}.
   *
   * @throws IOException when not all have one
   */
  void hold(Collection<String> names) throws IOException;

  /** Takes these second names away again; given by names, or by what {@link #held} answers. */
  void letGo(Collection<String> names) throws IOException;

  /** The last parts of the names of files that are held. */
  List<String> held() throws IOException;

  /** Gives a file that is held and was deleted its name again. */
  void bringBack(String name) throws IOException;

  /**
   * A name as people and lists have it: short where that is clear. {@link #named} is the way back.
   */
  String shown(String name);

  /** The name that was shown so. */
  String named(String shown);

  /**
   * A cheap look at whether a file begins and ends as it should.
   *
   * @param magic the four bytes at both ends
   * @return false only when it was read and does not
   */
  boolean hasEnds(String name, long bytes, int magic) throws IOException;

  /**
   * Puts a small file beside the lake's, for other programs to read; replaces one that is there.
   */
  void publish(String name, byte[] content) throws IOException;

  /**
   * Deletes what is kept of files that were deleted or replaced, where the medium keeps that.
   *
   * @return how many versions that were
   */
  long forgetVersions() throws IOException;

  /**
   * Looks whether it is still the place that the lake has claimed, and not an empty one by its
   * name.
   *
   * @throws IOException when it is not, or cannot be asked
   */
  default void requireClaimed() throws IOException {}

  /** Why it cannot be reached, in a sentence; as of some seconds ago. May wait for two seconds. */
  Optional<String> unreachable();

  @Override
  void close();
}
