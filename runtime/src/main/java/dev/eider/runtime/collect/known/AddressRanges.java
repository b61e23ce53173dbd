package dev.eider.runtime.collect.known;

import dev.eider.runtime.config.AddressRange;
import dev.eider.runtime.config.ConfigException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Many {@link AddressRange}s, merged and sorted: whether an address is in one takes a binary
 * search. Trusted proxies, shields and data centres are all kept like this.
 */
public final class AddressRanges {

  /** Has no address. */
  public static final AddressRanges NONE = of(List.of());

  /**
   * First and last addresses as unsigned numbers, sorted, apart. An IPv4 address is its 32 bits in
   * the low half.
   */
  private final long[] v4First;

  private final long[] v4Last;
  private final Span[] v6;

  /** An unsigned number of 128 bits. */
  private record Wide(long high, long low) implements Comparable<Wide> {

    @Override
    public int compareTo(Wide other) {
      int byHigh = Long.compareUnsigned(high, other.high);
      return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    boolean isRightBefore(Wide other) {
      return low == -1
          ? other.low == 0 && high + 1 == other.high
          : high == other.high && low + 1 == other.low;
    }
  }

  private record Span(Wide first, Wide last) {}

  private AddressRanges(List<Span> v4, List<Span> v6) {
    v4First = v4.stream().mapToLong(span -> span.first().low()).toArray();
    v4Last = v4.stream().mapToLong(span -> span.last().low()).toArray();
    this.v6 = v6.toArray(Span[]::new);
  }

  /** All of these together. */
  public static AddressRanges of(Collection<AddressRange> ranges) {
    List<Span> v4 = new ArrayList<>();
    List<Span> v6 = new ArrayList<>();
    for (AddressRange range : ranges) {
      byte[] first = range.first();
      (first.length == 4 ? v4 : v6).add(span(first, range.last()));
    }
    return new AddressRanges(merged(v4), merged(v6));
  }

  /**
   * Reads them.
   *
   * @throws ConfigException when a text is neither an address nor a network; the message names it
   */
  public static AddressRanges parse(Collection<String> ranges) {
    return of(ranges.stream().map(AddressRange::of).toList());
  }

  /**
   * Reads a file with a range a line; blank lines and what follows a {@code #} are passed over.
   *
   * @throws IOException when it cannot be read, or a line is no range; the message has its number
   */
  public static AddressRanges read(Path file) throws IOException {
    return of(ranges(file));
  }

  static List<AddressRange> ranges(Path file) throws IOException {
    List<AddressRange> ranges = new ArrayList<>();
    int number = 0;
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is no text in UTF-8", e);
    }
    for (String line : lines) {
      number++;
      int comment = line.indexOf('#');
      String text = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (!text.isEmpty()) {
        try {
          ranges.add(AddressRange.of(text));
        } catch (ConfigException e) {
          throw new IOException("line " + number + " of " + file + ": " + e.getMessage(), e);
        }
      }
    }
    return ranges;
  }

  /** Whether one of them has this address. */
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      long value = bits(bytes, 0, 4);
      int at = Arrays.binarySearch(v4First, value);
      return at >= 0 || at < -1 && value <= v4Last[-at - 2];
    }
    if (v6.length == 0) {
      return false;
    }
    Wide value = new Wide(bits(bytes, 0, 8), bits(bytes, 8, 8));
    int low = 0;
    int high = v6.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (v6[middle].first().compareTo(value) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high >= 0 && value.compareTo(v6[high].last()) <= 0;
  }

  /** How many there are, those that touch counted as one. */
  public int size() {
    return v4First.length + v6.length;
  }

  private static Span span(byte[] first, byte[] last) {
    return first.length == 4
        ? new Span(new Wide(0, bits(first, 0, 4)), new Wide(0, bits(last, 0, 4)))
        : new Span(
            new Wide(bits(first, 0, 8), bits(first, 8, 8)),
            new Wide(bits(last, 0, 8), bits(last, 8, 8)));
  }

  private static List<Span> merged(List<Span> spans) {
    spans.sort(Comparator.comparing(Span::first));
    List<Span> merged = new ArrayList<>();
    for (Span span : spans) {
      Span before = merged.isEmpty() ? span : merged.getLast();
      boolean touches =
          !merged.isEmpty()
              && (before.last().compareTo(span.first()) >= 0
                  || before.last().isRightBefore(span.first()));
      if (!touches) {
        merged.add(span);
      } else if (before.last().compareTo(span.last()) < 0) {
        merged.set(merged.size() - 1, new Span(before.first(), span.last()));
      }
    }
    return merged;
  }

  private static long bits(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      value = value << 8 | bytes[i] & 0xff;
    }
    return value;
  }
}
