package dev.eider.runtime.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Credentials for S3.
 *
 * @param token "" where they are not temporary
 */
public record S3Keys(String id, String secret, String token) {

  /** Writes them as a mounted Secret has them. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("AWS_ACCESS_KEY_ID"), id);
    Files.writeString(folder.resolve("AWS_SECRET_ACCESS_KEY"), secret);
    if (token.isEmpty()) {
      Files.deleteIfExists(folder.resolve("AWS_SESSION_TOKEN"));
    } else {
      Files.writeString(folder.resolve("AWS_SESSION_TOKEN"), token);
    }
  }
}
