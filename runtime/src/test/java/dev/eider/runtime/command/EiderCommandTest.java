package dev.eider.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How the command line answers. */
class EiderCommandTest {

  @TempDir Path temporary;

  static Stream<String> verbs() {
    return EiderCommand.commandLine().getSubcommands().keySet().stream()
        .filter(verb -> !verb.equals("help"));
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void everyVerbTellsItsFlags(String verb) {
    Eider.Run run = Eider.run(verb, "--help");
    assertThat(run.code()).isZero();
    assertThat(run.out()).startsWith("Usage: eider ").contains("-h, --help");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void whatIsWronglyAskedForIsSaidInTwoLines() {
    assertThat(Eider.run("archive", "list", "--sit=a").err())
        .isEqualTo(
            """
            Unknown option: '--sit=a'
            Possible solutions: --site
            See: eider archive list --help
            """);
    assertThat(Eider.run("retian").err())
        .isEqualTo(
            """
            Unmatched argument at index 0: 'retian'
            Did you mean: eider retain or eider restore or eider tier?
            See: eider --help
            """);
    assertThat(Eider.run("help", "retain").out()).startsWith("Usage: eider retain ");
    assertThat(Eider.run("archive").code()).isEqualTo(2);
  }

  @Test
  void aPlaceThatIsNoneIsNoFolder() {
    for (String place :
        new String[] {"ftp://host/backups", "S3://bucket/prefix", "file:///x", "s3:/bucket/x"}) {
      Eider.Run run = Eider.run("restore", "--list", "--from=" + place);
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err())
          .isEqualTo(
              "eider restore: '%s' is neither a folder nor s3://bucket/prefix, and nothing else is known\n"
                  .formatted(place));
    }
  }

  @Test
  void whomAnErasureIsAboutIsNotToldWhereItIsOddlyWritten() {
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    Eider.Run run;
    try {
      run = Eider.run("erase", "--site=a", "--property=uid=a\"b");
    } finally {
      System.setErr(before);
    }
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err() + err.toString(StandardCharsets.UTF_8)).doesNotContain("a\"b", "uid");
  }

  @Test
  void aBackupThatIsNotThereIsNoReasonToTryAgain() throws Exception {
    Eider.Run run =
        Eider.run(
            "restore",
            "--if-empty",
            "--data=" + temporary.resolve("data"),
            "--extensions=" + temporary,
            "--from=" + Files.createDirectory(temporary.resolve("empty")));
    assertThat(run.code()).as("as the Job's pod failure policy knows it").isEqualTo(4);
    assertThat(run.err()).contains("eider restore: ", "has no backup that can be read");
    assertThat(temporary.resolve("data/lake")).doesNotExist();
  }
}
