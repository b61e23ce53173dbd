package dev.eider.runtime.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.event.Event;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class EventCodecTest {

  private static final byte[] SALT = "sixteen bytes it".getBytes(StandardCharsets.UTF_8);

  @Test
  void everyEventComesBackAsItWas() throws Exception {
    Random random = new Random(3);
    for (int i = 0; i < 3000; i++) {
      Event event = SomeEvents.random(random);
      byte[] bytes = encode(event);
      assertThat(EventCodec.decode(bytes, 0, bytes.length)).isEqualTo(event);
    }
  }

  @Test
  void anOrdinaryPageViewIsSmall() {
    assertThat(encode(SomeEvents.number(1)).length).isLessThan(240);
  }

  @Test
  void fieldsOfLaterVersionsAreSkipped() throws Exception {
    Event event = SomeEvents.number(7);
    byte[] known = encode(event);
    CborWriter out = new CborWriter(64);
    for (int i = 0; i < known.length - 1; i++) {
      out.raw(known[i]);
    }
    out.integer(1000);
    out.text("something new");
    out.integer(1001);
    out.raw(0x82); // an array of a map with one entry and a tagged number
    out.raw(0xa1);
    out.integer(1);
    out.bytes(new byte[] {1, 2, 3});
    out.raw(0xc1);
    out.integer(-5);
    out.integer(-3);
    out.raw(CborWriter.INDEFINITE_MAP);
    out.integer(1);
    out.real(0.5);
    out.raw(CborWriter.BREAK);
    out.raw(CborWriter.BREAK);
    assertThat(EventCodec.decode(out.buffer(), 0, out.size())).isEqualTo(event);
  }

  @Test
  void whatIsNoEventIsRefusedWithAReason() {
    byte[] good = encode(SomeEvents.number(7));
    for (int length = 0; length < good.length; length++) {
      int cut = length;
      assertThatThrownBy(() -> EventCodec.decode(good, 0, cut))
          .isInstanceOf(MalformedRecordException.class)
          .hasMessageMatching(".{10,}");
    }
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      if (noise.length > 0) {
        noise[0] = (byte) CborWriter.INDEFINITE_MAP;
      }
      assertThatThrownBy(() -> EventCodec.decode(noise, 0, noise.length))
          .isInstanceOf(MalformedRecordException.class);
    }
  }

  /** The codec alone cannot know that a letter was another one; the frame around it does. */
  @Test
  void noFlippedOrMissingByteGivesAnotherEvent() {
    Random random = new Random(11);
    CRC32C crc = new CRC32C();
    for (int i = 0; i < 40; i++) {
      Appending appending = Appending.of(List.of(SomeEvents.random(random)));
      appending.seal(1 + i, SALT, crc);
      byte[] good = Arrays.copyOf(appending.frames(), appending.length());
      assertThat(RecordFrame.check(ByteBuffer.wrap(good), 0, SALT, crc)).isPositive();
      for (int at = 0; at < good.length; at++) {
        byte[] bad = good.clone();
        bad[at] ^= (byte) (1 + random.nextInt(255));
        assertThat(RecordFrame.check(ByteBuffer.wrap(bad), 0, SALT, crc)).isNegative();
        byte[] cut = Arrays.copyOf(good, at);
        assertThat(RecordFrame.check(ByteBuffer.wrap(cut), 0, SALT, crc)).isNegative();
      }
      assertThat(RecordFrame.check(ByteBuffer.wrap(good), 0, new byte[16], crc))
          .as("a frame from elsewhere")
          .isNegative();
    }
  }

  private static byte[] encode(Event event) {
    CborWriter out = new CborWriter(16);
    EventCodec.encode(event, out);
    return Arrays.copyOf(out.buffer(), out.size());
  }
}
