package dev.eider.runtime.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A random salt for each site and site day. It is on the medium before it is first used, so that a
 * restart changes nobody's id, and destroyed 48 h after it was made at the latest, after which
 * nobody can work out whose id it was. Never part of a backup.
 */
public final class Salts {

  /** How long a salt may live; the previous day's is needed until 00:30 of the next. */
  public static final Duration LIFE = Duration.ofHours(48);

  private static final Logger LOG = LoggerFactory.getLogger(Salts.class);
  private static final String FILE = "salts.json";
  private static final int VERSION = 1;
  private static final int SALT_BYTES = 32;

  private final StateDirectory directory;
  private final InstantSource clock;
  private final ObjectMapper mapper = new ObjectMapper();
  private final SecureRandom random = new SecureRandom();
  private final ConcurrentHashMap<Key, Salt> salts = new ConcurrentHashMap<>();

  private Salts(StateDirectory directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  private record Key(String siteId, LocalDate day) {}

  /**
   * Reads the salts that are left and destroys those that are too old.
   *
   * @throws IOException when they cannot be read; the message says what to do
   */
  public static Salts open(StateDirectory directory, InstantSource clock) throws IOException {
    Salts salts = new Salts(directory, clock);
    Optional<byte[]> file = directory.read(FILE);
    if (file.isPresent()) {
      salts.read(file.get());
    }
    salts.destroyOld();
    return salts;
  }

  /**
   * The salt of a site's day, which is made if there is none.
   *
   * @throws IOException when a new one cannot be made durable; no id may be made then
   */
  public Salt of(String siteId, LocalDate day) throws IOException {
    Salt known = salts.get(new Key(siteId, day));
    return known != null ? known : make(siteId, day);
  }

  /** The salt of a site's day if it was ever made and is not destroyed yet. */
  public Optional<Salt> existing(String siteId, LocalDate day) {
    return Optional.ofNullable(salts.get(new Key(siteId, day)));
  }

  /** A site's salts that are not destroyed, the latest day's first. */
  public List<Salt> living(String siteId) {
    Instant now = clock.instant();
    return salts.values().stream()
        .filter(salt -> salt.siteId().equals(siteId) && !isOld(salt, now))
        .sorted(Comparator.comparing(Salt::day).reversed())
        .toList();
  }

  /**
   * Destroys every salt that is 48 h old, in memory and on the medium. Call it every few minutes.
   *
   * @return how many were destroyed
   */
  public synchronized int destroyOld() throws IOException {
    Instant now = clock.instant();
    List<Salt> old = salts.values().stream().filter(salt -> isOld(salt, now)).toList();
    if (old.isEmpty()) {
      return 0;
    }
    salts.values().removeAll(old);
    write(salts.values());
    LOG.info("{} salts were destroyed", old.size());
    return old.size();
  }

  private synchronized Salt make(String siteId, LocalDate day) throws IOException {
    Key key = new Key(siteId, day);
    @Nullable Salt known = salts.get(key);
    if (known != null) {
      return known;
    }
    byte[] secret = new byte[SALT_BYTES];
    random.nextBytes(secret);
    Salt made = new Salt(siteId, day, clock.instant(), secret);
    ConcurrentHashMap<Key, Salt> next = new ConcurrentHashMap<>(salts);
    Instant now = clock.instant();
    next.values().removeIf(salt -> isOld(salt, now));
    next.put(key, made);
    write(next.values());
    salts.keySet().retainAll(next.keySet());
    salts.put(key, made);
    return made;
  }

  /** Also one from the future, which a clock that was set back would keep for too long. */
  private static boolean isOld(Salt salt, Instant now) {
    return Duration.between(salt.made(), now).abs().compareTo(LIFE) >= 0;
  }

  private void write(Collection<Salt> all) throws IOException {
    ObjectNode root = mapper.createObjectNode().put("version", VERSION);
    ArrayNode list = root.putArray("salts");
    for (Salt salt : all) {
      list.addObject()
          .put("site", salt.siteId())
          .put("day", salt.day().toString())
          .put("made", salt.made().toString())
          .put("salt", salt.secret());
    }
    directory.write(FILE, mapper.writeValueAsBytes(root));
  }

  private void read(byte[] file) throws IOException {
    try {
      JsonNode root = mapper.readTree(file);
      int version = root.path("version").asInt();
      if (version > VERSION) {
        throw new IOException(
            "state/%s has format %d, and this Eider knows formats up to %d: start the later version again"
                .formatted(FILE, version, VERSION));
      }
      for (JsonNode each : root.path("salts")) {
        LocalDate day = LocalDate.parse(each.path("day").asText());
        Salt salt =
            new Salt(
                each.path("site").asText(),
                day,
                Instant.parse(each.path("made").asText()),
                each.path("salt").binaryValue());
        salts.put(new Key(salt.siteId(), day), salt);
      }
    } catch (JsonProcessingException
        | DateTimeException
        | IllegalArgumentException
        | NullPointerException e) {
      // The message of a parser may quote the file.
      throw new IOException(
          "state/%s cannot be read. Delete it: visitors of today are then counted once more under new ids, nothing else is lost"
              .formatted(FILE));
    }
  }
}
