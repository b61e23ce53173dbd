package dev.eider.runtime.command;

import dev.eider.runtime.backup.BackupException;

/** A verb that could not be done, for a reason that a person can act upon. */
final class CommandFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  CommandFailedException(String message) {
    super(message);
    exitCode = EiderCommand.FAILED;
  }

  CommandFailedException(String message, Throwable cause) {
    this(message, cause, EiderCommand.FAILED);
  }

  private CommandFailedException(String message, Throwable cause, int exitCode) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** Where only another backup mends it. */
  static CommandFailedException unusable(BackupException why) {
    return new CommandFailedException(String.valueOf(why.getMessage()), why, EiderCommand.UNUSABLE);
  }

  int exitCode() {
    return exitCode;
  }
}
