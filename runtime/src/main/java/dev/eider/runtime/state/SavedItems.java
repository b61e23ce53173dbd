package dev.eider.runtime.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Small things that people save for a site, each under a number that is never given again. On the
 * medium before anybody sees them. Any thread; reading waits for nobody once a site was read.
 */
public final class SavedItems {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final StateDirectory directory;
  private final int most;
  private final Map<String, Saved> known = new ConcurrentHashMap<>();
  private final ReentrantLock writing = new ReentrantLock();

  /**
   * One thing.
   *
   * @param id 1 or more, unique in the site
   * @param value a JSON object
   */
  public record Item(long id, JsonNode value) {}

  /** There are as many as a site may have. */
  public static final class FullException extends Exception {

    private static final long serialVersionUID = 1L;

    FullException(int most) {
      super("this site has %d of them, the most there may be; remove some first".formatted(most));
    }
  }

  private record Saved(long next, List<Item> items) {

    static final Saved NOTHING = new Saved(1, List.of());
  }

  /**
   * @param directory of nothing else
   * @param most how many a site may have
   */
  public SavedItems(StateDirectory directory, int most) {
    this.directory = directory;
    this.most = most;
  }

  /**
   * All of a site's, by their numbers: the same list until something changes.
   *
   * @param siteId of a site that is known, since it becomes the name of a file
   * @throws IOException when they cannot be read
   */
  public List<Item> of(String siteId) throws IOException {
    Saved saved = known.get(siteId);
    return (saved != null ? saved : read(siteId)).items();
  }

  /** Saves one more. */
  public Item add(String siteId, JsonNode value) throws IOException, FullException {
    writing.lock();
    try {
      Saved saved = read(siteId);
      if (saved.items().size() >= most) {
        throw new FullException(most);
      }
      Item item = new Item(saved.next(), value);
      List<Item> items = new ArrayList<>(saved.items());
      items.add(item);
      write(siteId, new Saved(saved.next() + 1, List.copyOf(items)));
      return item;
    } finally {
      writing.unlock();
    }
  }

  /** Puts another in the place of one; false when there is none of that number. */
  public boolean replace(String siteId, long id, JsonNode value) throws IOException {
    return change(
        siteId,
        items -> items.stream().map(item -> item.id() == id ? new Item(id, value) : item).toList(),
        id);
  }

  /** Removes one; false when there is none of that number. */
  public boolean remove(String siteId, long id) throws IOException {
    return change(siteId, items -> items.stream().filter(item -> item.id() != id).toList(), id);
  }

  private boolean change(String siteId, UnaryOperator<List<Item>> change, long id)
      throws IOException {
    writing.lock();
    try {
      Saved saved = read(siteId);
      if (saved.items().stream().noneMatch(item -> item.id() == id)) {
        return false;
      }
      write(siteId, new Saved(saved.next(), change.apply(saved.items())));
      return true;
    } finally {
      writing.unlock();
    }
  }

  private Saved read(String siteId) throws IOException {
    Saved saved = known.get(siteId);
    if (saved != null) {
      return saved;
    }
    writing.lock();
    try {
      Saved there = known.get(siteId);
      if (there == null) {
        var content = directory.read(file(siteId));
        there = content.isPresent() ? parsed(siteId, content.get()) : Saved.NOTHING;
        known.put(siteId, there);
      }
      return there;
    } finally {
      writing.unlock();
    }
  }

  private static Saved parsed(String siteId, byte[] content) throws IOException {
    try {
      JsonNode json = JSON.readTree(content);
      List<Item> items = new ArrayList<>();
      for (JsonNode item : json.path("items")) {
        items.add(new Item(item.path("id").longValue(), item.path("value")));
      }
      return new Saved(Math.max(1, json.path("next").longValue()), List.copyOf(items));
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s is no JSON. Put it back from a backup, or delete it: what was saved for the site is then gone"
              .formatted(file(siteId)),
          e);
    }
  }

  private void write(String siteId, Saved saved) throws IOException {
    ObjectNode json = JSON.createObjectNode().put("next", saved.next());
    ArrayNode items = json.putArray("items");
    saved
        .items()
        .forEach(item -> items.addObject().put("id", item.id()).set("value", item.value()));
    directory.write(file(siteId), JSON.writeValueAsBytes(json));
    known.put(siteId, saved);
  }

  private static String file(String siteId) {
    return siteId + ".json";
  }
}
