package dev.eider.runtime.journal;

import dev.eider.runtime.event.Event;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * One pass over a segment's records. What is unreadable with readable records behind it is bad;
 * what is unreadable up to the end is the tail.
 */
final class SegmentScan {

  private final ByteBuffer segment;
  private final SegmentHeader header;
  private final CRC32C crc = new CRC32C();
  private final List<Bad> bad = new ArrayList<>();
  private final List<Recovery.Gap> gaps = new ArrayList<>();
  private final SegmentIndex index = new SegmentIndex();
  private byte[] payload = new byte[4096];
  private long lastSeq;
  private long records;
  private int tailAt;
  private long after;
  private long through = Long.MAX_VALUE;

  private SegmentScan(ByteBuffer segment, SegmentHeader header) {
    this.segment = segment;
    this.header = header;
    this.lastSeq = header.firstSeq() - 1;
  }

  /** Bytes that hold no readable event. */
  record Bad(int offset, int length, String reason) {}

  /** Reads a whole segment, header included, and hands on each record. */
  static SegmentScan of(ByteBuffer segment, SegmentHeader header, Consumer<Accepted> records) {
    SegmentScan scan = new SegmentScan(segment, header);
    scan.run(SegmentHeader.LENGTH, records);
    return scan;
  }

  /**
   * Reads some of a segment's records.
   *
   * @param part the segment's bytes from where a record begins, of one behind the header's first
   * @param after records up to this one are passed over
   * @param through those behind this one are left alone
   */
  static void part(
      ByteBuffer part, SegmentHeader header, long after, long through, Consumer<Accepted> records) {
    SegmentScan scan = new SegmentScan(part, header);
    scan.after = after;
    scan.through = through;
    scan.run(0, records);
  }

  /** Seq of the last record, or the one before the segment's first when it has none. */
  long lastSeq() {
    return lastSeq;
  }

  long records() {
    return records;
  }

  List<Bad> bad() {
    return bad;
  }

  List<Recovery.Gap> gaps() {
    return gaps;
  }

  /** Where some of its records begin. */
  SegmentIndex index() {
    return index;
  }

  /** Where the readable part ends. */
  int tailAt() {
    return tailAt;
  }

  private void run(int from, Consumer<Accepted> sink) {
    int at = from;
    while (at < segment.limit() && lastSeq < through) {
      int length = lengthAt(at);
      if (length < 0) {
        int next = nextFrame(at + 1);
        if (next < 0) {
          break;
        }
        bad.add(new Bad(at, next - at, "its checksum or its frame is wrong"));
        at = next;
        continue;
      }
      read(at, length, sink);
      at += RecordFrame.LENGTH + length;
    }
    tailAt = at;
  }

  private void read(int at, int length, Consumer<Accepted> sink) {
    if (payload.length < length) {
      payload = new byte[length];
    }
    segment.get(at + RecordFrame.LENGTH, payload, 0, length);
    long seq = RecordFrame.seq(segment, at);
    index.note(seq, at);
    if (seq != lastSeq + 1) {
      gaps.add(new Recovery.Gap(lastSeq + 1, seq - 1));
    }
    // Also of an event that cannot be read, so that its number is not given again.
    lastSeq = seq;
    if (seq <= after || seq > through) {
      return;
    }
    try {
      Event event = EventCodec.decode(payload, 0, length);
      records++;
      sink.accept(new Accepted(seq, event));
    } catch (MalformedRecordException e) {
      gaps.add(new Recovery.Gap(seq, seq));
      bad.add(new Bad(at, RecordFrame.LENGTH + length, "seq " + seq + ": " + e.getMessage()));
    }
  }

  /** A right frame whose number also comes after the last one. */
  private int lengthAt(int at) {
    int length = RecordFrame.check(segment, at, header.salt(), crc);
    return length >= 0 && RecordFrame.seq(segment, at) > lastSeq ? length : -1;
  }

  private int nextFrame(int from) {
    for (int at = from; at <= segment.limit() - RecordFrame.LENGTH; at++) {
      if (lengthAt(at) >= 0) {
        return at;
      }
    }
    return -1;
  }
}
