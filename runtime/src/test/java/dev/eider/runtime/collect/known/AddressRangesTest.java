package dev.eider.runtime.collect.known;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.config.AddressRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressRangesTest {

  @Property(tries = 2_000)
  void anAddressIsInThemIfItsBitsBeginAsOneOfThem(
      @ForAll("ranges") List<AddressRange> ranges, @ForAll("addresses") InetAddress address) {
    boolean expected = ranges.stream().anyMatch(range -> range.contains(address.getAddress()));
    assertThat(AddressRanges.of(ranges).contains(address)).isEqualTo(expected);
  }

  @Property(tries = 300)
  void firstAndLastAddressesAreIn(@ForAll("ranges") List<AddressRange> ranges) {
    AddressRanges all = AddressRanges.of(ranges);
    for (AddressRange range : ranges) {
      assertThat(all.contains(address(range.first()))).isTrue();
      assertThat(all.contains(address(range.last()))).isTrue();
    }
    assertThat(all.size()).isBetween(ranges.isEmpty() ? 0 : 1, ranges.size());
  }

  @Provide
  Arbitrary<List<AddressRange>> ranges() {
    Arbitrary<AddressRange> v4 =
        Combinators.combine(bytes(4), Arbitraries.integers().between(0, 32))
            .as(AddressRangesTest::range);
    Arbitrary<AddressRange> v6 =
        Combinators.combine(bytes(16), Arbitraries.integers().between(0, 128))
            .as(AddressRangesTest::range);
    return Arbitraries.oneOf(v4, v6).list().ofMaxSize(12);
  }

  @Provide
  Arbitrary<InetAddress> addresses() {
    return Arbitraries.oneOf(bytes(4), bytes(16));
  }

  /** Few different bytes, so that ranges touch and addresses fall into them. */
  private static Arbitrary<InetAddress> bytes(int count) {
    return Arbitraries.of((byte) 0, (byte) 1, (byte) 127, (byte) 128, (byte) 255, (byte) 254)
        .array(Byte[].class)
        .ofSize(count)
        .map(
            array -> {
              byte[] bytes = new byte[count];
              for (int i = 0; i < count; i++) {
                bytes[i] = array[i];
              }
              if (count == 16) {
                // No IPv4 address in disguise.
                bytes[0] = 0x20;
              }
              return address(bytes);
            });
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static AddressRange range(InetAddress address, int bits) {
    return AddressRange.of(address.getHostAddress() + "/" + bits);
  }

  @Test
  void rangesThatTouchAreOne() {
    assertThat(
            AddressRanges.parse(
                    List.of(
                        "10.0.0.0/9",
                        "10.128.0.0/9",
                        "10.1.0.0/16",
                        "192.0.2.1",
                        "192.0.2.2",
                        "2001:db8::/33",
                        "2001:db8:8000::/33",
                        "::/0"))
                .size())
        .isEqualTo(3);
  }

  @Test
  void anIpv4NetworkMayBeWrittenAsIpv6() {
    AddressRange range = AddressRange.of("::ffff:10.0.0.0/104");
    assertThat(range).isEqualTo(AddressRange.of("10.0.0.0/8"));
  }

  @Test
  void aFileMayHaveCommentsAndItsErrorsHaveLines(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("cloud.txt");
    Files.writeString(file, "# cloud\n\n 192.0.2.0/24 # a part\n2001:db8::/32\n");
    AddressRanges ranges = AddressRanges.read(file);
    assertThat(ranges.contains(InetAddress.ofLiteral("192.0.2.77"))).isTrue();
    assertThat(ranges.contains(InetAddress.ofLiteral("192.0.3.0"))).isFalse();

    Files.writeString(file, "192.0.2.0/24\nnot one\n");
    assertThatThrownBy(() -> AddressRanges.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "line 2 of %s: 'not one' is neither an IP address nor a network such as 10.0.0.0/8"
                .formatted(file));
  }

  @Test
  void dataCentresAreTakenFromAllFilesOfADirectory(@TempDir Path directory) throws IOException {
    Datacentres centres = new Datacentres(List.of(directory));
    InetAddress server = InetAddress.ofLiteral("192.0.2.77");
    assertThat(centres.contain(server)).isFalse();

    Files.writeString(directory.resolve("a.txt"), "198.51.100.0/24\n");
    Files.writeString(directory.resolve("b.txt"), "192.0.2.0/24\n");
    assertThat(centres.refresh()).isTrue();
    assertThat(centres.contain(server)).isTrue();
    assertThat(centres.contain(InetAddress.ofLiteral("198.51.100.1"))).isTrue();

    Files.writeString(directory.resolve("b.txt"), "192.0.2.0/240\n");
    assertThat(centres.refresh()).isFalse();
    assertThat(centres.contain(server)).isTrue();
    assertThat(centres.problem())
        .hasValueSatisfying(problem -> assertThat(problem).contains("line 1 of", "b.txt"));

    Files.delete(directory.resolve("b.txt"));
    assertThat(centres.refresh()).isTrue();
    assertThat(centres.contain(server)).isFalse();
    assertThat(centres.problem()).isEmpty();
  }
}
