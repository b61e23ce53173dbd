package dev.eider.runtime.store;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.config.S3Settings;
import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Files on the volume, where all are written, and some of them moved to a bucket later.
 *
 * <p>In the bucket they have a folder that no other lake ever had: its name is noted beside the
 * catalog when the first file is moved. So a lake that was restored from a backup, and begins
 * another one, leaves alone what the lake that was set aside for it still names.
 */
public final class TieredStore implements Store {

  /** Says that the folder is there, since a bucket knows no empty ones. */
  private static final String CLAIM = "tier.json";

  private static final String S3 = "s3://";
  private static final String FOLDER = "tier-";

  private final VolumeStore volume;
  private final BucketStore bucket;
  private final Disk disk;
  private final Path note;
  private final String id;

  private TieredStore(VolumeStore volume, BucketStore bucket, Disk disk, Path note, String id) {
    this.volume = volume;
    this.bucket = bucket;
    this.disk = disk;
    this.note = note;
    this.id = id;
  }

  /**
   * Files of a data directory; reaches for nothing yet.
   *
   * @param s3 where files are moved to
   * @throws IOException when the folders cannot be made, or the certificates not be used
   */
  public static TieredStore of(Path data, LakePlace place, S3Settings s3, Disk disk)
      throws IOException {
    VolumeStore volume = new VolumeStore(data, disk);
    Path note = data.resolve("lake").resolve("tier");
    String id = id(note, disk).orElseGet(() -> UUID.randomUUID().toString());
    return new TieredStore(volume, folder(place, s3, id), disk, note, id);
  }

  private static Optional<String> id(Path note, Disk disk) throws IOException {
    if (!Files.exists(note)) {
      return Optional.empty();
    }
    String id = new String(disk.read(note), StandardCharsets.UTF_8).strip();
    if (!id.matches("[0-9a-f-]{36}")) {
      throw new IOException(
          "%s does not say which folder of the bucket older days lie in: write there what stands behind tier- in the folder's name"
              .formatted(note));
    }
    return Optional.of(id);
  }

  private static BucketStore folder(LakePlace place, S3Settings s3, String id) throws IOException {
    return new BucketStore(
        s3.at(place.folder(s3)), new LakePlace(Optional.empty(), Optional.empty(), FOLDER + id));
  }

  @Override
  public String root() {
    return volume.root();
  }

  @Override
  public Optional<BucketStore> bucket() {
    return Optional.of(bucket);
  }

  /** What is set aside of a moved file lies in the bucket, too. */
  @Override
  public boolean isMoved(String name) {
    return name.startsWith(S3);
  }

  @Override
  public String inside(String name) {
    return name.startsWith(bucket.root())
        ? name.substring(bucket.root().length())
        : volume.inside(name);
  }

  /** What the names of all moved files begin with. */
  public String movedRoot() {
    return bucket.root();
  }

  /** The name that a file of the volume has when it was moved. */
  public String moved(String name) {
    return bucket.root() + volume.inside(name);
  }

  /** Whether a file was ever moved. */
  public boolean isBegun() {
    return Files.exists(note);
  }

  /**
   * Asks the bucket anything.
   *
   * @throws IOException when it does not answer
   */
  public void requireAnswer() throws IOException {
    bucket.hasFolder("main");
  }

  /** Before the first file is moved: takes the folder in the bucket. As often as one likes. */
  public void begin() throws IOException {
    if (!isBegun()) {
      disk.replace(note, (id + "\n").getBytes(StandardCharsets.UTF_8));
    }
    // Its answer does not matter: nobody else knows the name.
    bucket.claim(CLAIM, "{\"tier\": \"%s\"}\n".formatted(id).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Brings a copy of a file to the bucket, where it is durable then, and reads it again.
   *
   * @param storageClass how the bucket keeps it; empty: as it does by itself
   * @return its name there
   * @throws IOException when it is not there, or other than here
   */
  public String copy(String name, Optional<String> storageClass) throws IOException {
    String to = moved(name);
    bucket.bring(to, Path.of(name), storageClass);
    byte[] there = digest(bucket.open(to));
    if (!MessageDigest.isEqual(there, digest(volume.open(name)))) {
      throw new IOException(
          "%s is not what was sent, when it is read again; the file on the volume stays in use"
              .formatted(to));
    }
    return to;
  }

  private static byte[] digest(InputStream content) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(content, MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return in.getMessageDigest().digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> here(Collection<String> names) {
    return names.stream().filter(name -> !isMoved(name)).toList();
  }

  private Store of(String name) {
    return isMoved(name) ? bucket : volume;
  }

  @Override
  public void force(Collection<String> names) throws IOException {
    volume.force(here(names));
  }

  /**
   * As of each.
   *
   * @throws IOException also when the folder in the bucket is gone as a whole: then it is the wrong
   *     bucket rather than a file that is missing
   */
  @Override
  public Map<String, Long> sizes(Collection<String> names) throws IOException {
    Map<String, Long> sizes = new HashMap<>(volume.sizes(here(names)));
    List<String> moved = names.stream().filter(this::isMoved).toList();
    if (!moved.isEmpty()) {
      Map<String, Long> there = bucket.sizes(moved);
      if (there.size() < moved.size() && !bucket.has(CLAIM)) {
        throw new IOException(
            "%s is not there, and %d files of the lake should be in it: see whether it is the right bucket"
                .formatted(bucket.root(), moved.size()));
      }
      sizes.putAll(there);
    }
    return sizes;
  }

  @Override
  public boolean hasFolder(String folder) {
    return volume.hasFolder(folder);
  }

  @Override
  public Set<String> inFolder(String folder) {
    return volume.inFolder(folder);
  }

  @Override
  public List<String> names() throws IOException {
    List<String> names = new ArrayList<>(volume.names());
    if (isBegun()) {
      names.addAll(bucket.names());
    }
    return names;
  }

  @Override
  public List<String> namesHere() throws IOException {
    return volume.names();
  }

  @Override
  public InputStream open(String name) throws IOException {
    return of(name).open(name);
  }

  @Override
  public void delete(String name) throws IOException {
    of(name).delete(name);
  }

  @Override
  public long deleted(Collection<String> deleted) throws IOException {
    return volume.deleted(here(deleted));
  }

  @Override
  public String setAside(String name, String folder) throws IOException {
    return of(name).setAside(name, folder);
  }

  /** What a transaction has just written lies on the volume. */
  @Override
  public void hold(Collection<String> names) throws IOException {
    volume.hold(names);
  }

  @Override
  public void letGo(Collection<String> names) throws IOException {
    volume.letGo(names);
  }

  @Override
  public List<String> held() throws IOException {
    return volume.held();
  }

  @Override
  public void bringBack(String name) throws IOException {
    volume.bringBack(name);
  }

  @Override
  public String shown(String name) {
    return of(name).shown(name);
  }

  @Override
  public String named(String shown) {
    return isMoved(shown) ? shown : volume.named(shown);
  }

  @Override
  public boolean hasEnds(String name, long bytes, int magic) throws IOException {
    return of(name).hasEnds(name, bytes, magic);
  }

  @Override
  public void publish(String name, byte[] content) throws IOException {
    volume.publish(name, content);
  }

  @Override
  public long forgetVersions() throws IOException {
    return isBegun() ? bucket.forgetVersions() : 0;
  }

  @Override
  public Optional<String> unreachable() {
    return isBegun() ? bucket.unreachable() : Optional.empty();
  }

  @Override
  public void close() {
    bucket.close();
    volume.close();
  }
}
