package dev.eider.runtime.collect.known;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.eider.runtime.config.AddressRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes small databases in MaxMind's format: maps, lists, texts, and numbers. */
public final class Mmdb {

  private static final int RECORD_BITS = 24;

  /** Two children each: null, another node, or the offset of a record. */
  private static final class Node {
    final @Nullable Object[] children = new Object[2];
  }

  private final String type;
  private final long epoch;
  private final Node root = new Node();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  public Mmdb(String type, long epoch) {
    this.type = type;
    this.epoch = epoch;
  }

  /** A record for a network, which lies in no other one. */
  public Mmdb with(String network, Map<String, Object> record) {
    byte[] bytes = AddressRange.of(network).first();
    int zeros = 128 - bytes.length * 8;
    int slash = network.indexOf('/');
    int bits = slash < 0 ? 128 : zeros + Integer.parseInt(network.substring(slash + 1));
    int offset = data.size();
    write(data, record);
    Node node = root;
    for (int i = 0; i < bits; i++) {
      int bit = i < zeros ? 0 : bytes[(i - zeros) / 8] >> 7 - (i - zeros) % 8 & 1;
      if (i == bits - 1) {
        node.children[bit] = offset;
      } else {
        if (node.children[bit] == null) {
          node.children[bit] = new Node();
        }
        node = (Node) node.children[bit];
      }
    }
    return this;
  }

  byte[] bytes() {
    List<Node> nodes = new ArrayList<>();
    number(root, nodes);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (Node node : nodes) {
      for (Object child : node.children) {
        int value =
            child == null
                ? nodes.size()
                : child instanceof Integer offset
                    ? nodes.size() + 16 + offset
                    : nodes.indexOf(child);
        file.write(value >> 16);
        file.write(value >> 8);
        file.write(value);
      }
    }
    file.writeBytes(new byte[16]);
    file.writeBytes(data.toByteArray());
    file.writeBytes(new byte[] {(byte) 0xab, (byte) 0xcd, (byte) 0xef});
    file.writeBytes("MaxMind.com".getBytes(UTF_8));
    Map<String, Object> metadata = new TreeMap<>();
    metadata.put("binary_format_major_version", 2);
    metadata.put("binary_format_minor_version", 0);
    metadata.put("build_epoch", epoch);
    metadata.put("database_type", type);
    metadata.put("description", Map.of("en", "of a test"));
    metadata.put("ip_version", 6);
    metadata.put("languages", List.of("en"));
    metadata.put("node_count", nodes.size());
    metadata.put("record_size", RECORD_BITS);
    write(file, metadata);
    return file.toByteArray();
  }

  public Path writeTo(Path file) throws IOException {
    return Files.write(file, bytes());
  }

  private static void number(Node node, List<Node> nodes) {
    nodes.add(node);
    for (Object child : node.children) {
      if (child instanceof Node next) {
        number(next, nodes);
      }
    }
  }

  private static void write(ByteArrayOutputStream out, Object value) {
    switch (value) {
      case String text -> {
        byte[] bytes = text.getBytes(UTF_8);
        control(out, 2, bytes.length);
        out.writeBytes(bytes);
      }
      case Integer number -> {
        control(out, 6, 4);
        for (int shift = 24; shift >= 0; shift -= 8) {
          out.write(number >> shift);
        }
      }
      case Long number -> {
        control(out, 9, 8);
        for (int shift = 56; shift >= 0; shift -= 8) {
          out.write((int) (number >> shift));
        }
      }
      case Map<?, ?> map -> {
        control(out, 7, map.size());
        map.forEach(
            (key, part) -> {
              write(out, key);
              write(out, part);
            });
      }
      case List<?> list -> {
        control(out, 11, list.size());
        list.forEach(part -> write(out, part));
      }
      default -> throw new IllegalArgumentException(value + " has no form in such a file");
    }
  }

  private static void control(ByteArrayOutputStream out, int type, int size) {
    if (size >= 29) {
      throw new IllegalArgumentException("only short things are written here");
    }
    if (type <= 7) {
      out.write(type << 5 | size);
    } else {
      out.write(size);
      out.write(type - 7);
    }
  }
}
