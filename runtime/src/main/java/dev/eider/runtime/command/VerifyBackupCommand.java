package dev.eider.runtime.command;

import static java.util.Objects.requireNonNull;

import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.backup.BackupRun;
import dev.eider.runtime.backup.Backups;
import dev.eider.runtime.backup.Manifest;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.lake.Steps;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code eider verify backup}. */
@Command(
    name = "backup",
    description = {
      "Reads all of a backup and compares it with its checksums.",
      "Exit code 0: sound. 1: something is missing or damaged, or, where no backup is named,",
      "another one there cannot be read."
    },
    mixinStandardHelpOptions = true)
final class VerifyBackupCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final BackupSource from = new BackupSource();

  @Override
  public Integer call() throws IOException {
    try (BackupPlace source = from.open()) {
      Backups backups = new Backups(source);
      Backups.Found found = backups.all();
      Manifest manifest = from.id().isPresent() ? backups.find(from.id()) : backups.newest(found);
      BackupRun.checksums(backups, manifest, Steps.UNOBSERVED);
      PrintWriter out = requireNonNull(spec).commandLine().getOut();
      out.printf(
          "backup %s is sound: %,d rows of %d sites in %d files, %,d bytes%n",
          manifest.id(),
          manifest.rows(),
          manifest.sites().size(),
          manifest.data().size(),
          manifest.bytes());
      // Who named none asked about the newest, which may be among these.
      List<String> damaged = from.id().isPresent() ? List.of() : found.reasons();
      damaged.forEach(each -> out.printf("damaged: %s%n", each));
      out.flush();
      return damaged.isEmpty() ? 0 : 1;
    } catch (ConfigException | IOException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
  }
}
