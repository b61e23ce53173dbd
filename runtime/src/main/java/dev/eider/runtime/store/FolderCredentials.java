package dev.eider.runtime.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Keys from a mounted Secret, read each time they are asked for: a Secret that is changed needs no
 * restart.
 */
final class FolderCredentials implements AwsCredentialsProvider {

  private final Path folder;

  FolderCredentials(Path folder) {
    this.folder = folder;
  }

  @Override
  public AwsCredentials resolveCredentials() {
    // The kubelet exchanges all files of a Secret at once, by this link.
    Path version = version();
    AwsCredentials read = readAll();
    return version.equals(version()) ? read : readAll();
  }

  private Path version() {
    try {
      return folder.resolve("..data").toRealPath();
    } catch (IOException e) {
      // A folder that is no mount.
      return folder;
    }
  }

  private AwsCredentials readAll() {
    String keyId = read("AWS_ACCESS_KEY_ID", true);
    String secret = read("AWS_SECRET_ACCESS_KEY", true);
    String token = read("AWS_SESSION_TOKEN", false);
    return token.isEmpty()
        ? AwsBasicCredentials.create(keyId, secret)
        : AwsSessionCredentials.create(keyId, secret, token);
  }

  private String read(String name, boolean required) {
    Path file = folder.resolve(name);
    try {
      String value = Files.exists(file) ? Files.readString(file).strip() : "";
      if (required && value.isEmpty()) {
        throw SdkClientException.create(
            "%s has no %s; the Secret needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
                .formatted(folder, name));
      }
      return value;
    } catch (IOException e) {
      throw SdkClientException.create("%s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }
}
