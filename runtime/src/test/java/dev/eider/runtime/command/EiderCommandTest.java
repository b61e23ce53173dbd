package dev.eider.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;

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
    return EiderCommand.commandLine().getSubcommands().keySet().stream();
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
