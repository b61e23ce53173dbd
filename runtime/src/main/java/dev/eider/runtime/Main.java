package dev.eider.runtime;

import dev.eider.runtime.command.EiderCommand;

/** The command {@code eider}. */
public final class Main {

  private Main() {}

  /** Runs a verb and exits: 0 done, 1 failed, 2 wrongly asked for, 4 no usable backup. */
  public static void main(String[] arguments) {
    System.exit(EiderCommand.run(arguments));
  }
}
