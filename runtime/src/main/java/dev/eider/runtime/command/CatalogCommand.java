package dev.eider.runtime.command;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eider catalog}: the lake for other programs. */
@Command(
    name = "catalog",
    description = "The lake's catalog, for other programs to read the lake by.",
    subcommands = CatalogCommand.Copy.class)
final class CatalogCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "say what to do: eider catalog copy DIR");
  }

  /** {@code eider catalog copy}. */
  @Command(
      name = "copy",
      description =
          "Write a consistent copy of the catalog while the runtime runs, and print how a DuckDB"
              + " of the same version attaches it.")
  static final class Copy extends JobCommand {

    @Parameters(paramLabel = "DIR", description = "Where catalog.ducklake is written.")
    private @Nullable Path directory;

    Copy() {
      super("catalog-copy");
    }

    @Override
    void succeeded(JsonNode result, PrintWriter out) throws IOException {
      Path made = Path.of(result.path("catalog").asText());
      if (!Files.isReadable(made)) {
        throw new CommandFailedException(
            "the copy is at %s where the runtime runs, and not here: run this there, by kubectl exec for example"
                .formatted(made));
      }
      Path target = requireNonNull(directory).toAbsolutePath().resolve("catalog.ducklake");
      Files.createDirectories(target.getParent());
      Files.copy(made, target, StandardCopyOption.REPLACE_EXISTING);
      out.println(
          "ATTACH 'ducklake:%s' AS lake (READ_ONLY, DATA_PATH '%s', OVERRIDE_DATA_PATH true);"
              .formatted(target, result.path("data_path").asText()));
      out.flush();
    }
  }
}
