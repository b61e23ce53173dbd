package dev.eider.runtime.disk;

import java.io.IOException;

/** The process that did this operation is gone: killed, or its power failed. */
public final class PowerFailedException extends IOException {

  PowerFailedException(String operation) {
    super("no power for: " + operation);
  }
}
