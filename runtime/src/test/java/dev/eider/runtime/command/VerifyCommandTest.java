package dev.eider.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VerifyCommandTest {

  @TempDir Path data;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aSoundJournalIsToldWhileItIsInUse() throws Exception {
    try (Journal journal = open()) {
      assertThat(verify("--data", data.toString())).isZero();
      assertThat(out.toString())
          .contains("segment-00000000000000000001.cbor")
          .endsWith("0 records in 1 segments: sound\n");
      assertThat(journal.epoch()).isEqualTo(1);
    }
  }

  @Test
  void damageIsInTheExitCodeAndInTheJson() throws Exception {
    open().close();
    Path segment = data.resolve("journal/segment-00000000000000000001.cbor");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[0] ^= 3;
    Files.write(segment, bytes);
    assertThat(verify("--data", data.toString(), "--json")).isEqualTo(1);
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.path("sound").asBoolean()).isFalse();
    assertThat(json.at("/segments/0/problem").asText())
        .isEqualTo("it does not begin as a segment does");
    assertThat(Files.readAllBytes(segment)).isEqualTo(bytes);
  }

  @Test
  void whereThereIsNoJournalThatIsSaid() {
    assertThat(verify("--data", data.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("has no journal in it; give the data directory");
    assertThat(data.resolve("journal")).doesNotExist();
  }

  private int verify(String... options) {
    CommandLine line = EiderCommand.commandLine();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] arguments = new String[options.length + 2];
    arguments[0] = "verify";
    arguments[1] = "journal";
    System.arraycopy(options, 0, arguments, 2, options.length);
    return line.execute(arguments);
  }

  private Journal open() throws Exception {
    return Journal.open(
        data.resolve("journal"), JournalSettings.DEFAULT.withMinFreeBytes(0), Disk.real());
  }
}
