package dev.eider.runtime.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Credentials for S3.
 *
 * @param token "" where they are not temporary
 */
public record S3Keys(String id, String secret, String token) {

  /** Writes them as a mounted Secret has them. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    replace(folder.resolve("AWS_ACCESS_KEY_ID"), id);
    replace(folder.resolve("AWS_SECRET_ACCESS_KEY"), secret);
    if (token.isEmpty()) {
      Files.deleteIfExists(folder.resolve("AWS_SESSION_TOKEN"));
    } else {
      replace(folder.resolve("AWS_SESSION_TOKEN"), token);
    }
  }

  /** Nobody who reads meanwhile finds an empty file, as the kubelet sees to it. */
  private static void replace(Path file, String content) throws IOException {
    Path written = Files.writeString(file.resolveSibling("." + file.getFileName()), content);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
