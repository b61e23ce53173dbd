package dev.eider.runtime;

import dev.eider.runtime.command.EiderCommand;
import java.util.Arrays;

/**
 * The command {@code eider} where a file's first line names Java as its interpreter: in an image
 * that has no shell.
 */
public final class Executable {

  private Executable() {}

  /** As {@link Main#main}; the kernel gives the file's own name first. */
  public static void main(String[] arguments) {
    System.exit(EiderCommand.run(Arrays.copyOfRange(arguments, 1, arguments.length)));
  }
}
