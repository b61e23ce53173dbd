package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who encrypts backups, and by what. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.kmsKeyId) || (has(self.serverSide) && self.serverSide == 'KMS')",
    message = "kmsKeyId is of serverSide: KMS alone: set that, or leave kmsKeyId out")
public record BackupEncryption(
    @JsonPropertyDescription(
            "What the object store is asked to encrypt by: AES256, or KMS. Default: what the bucket"
                + " does by itself.")
        @Nullable ServerSide serverSide,
    @JsonPropertyDescription("With KMS: the key. Default: the bucket's.") @Size(min = 1, max = 2048)
        @Nullable String kmsKeyId,
    @JsonPropertyDescription(
            "Secret of the same namespace with a key of your own (openssl rand -base64 32), as key"
                + " unless another entry is named. Backups are encrypted by it before they leave,"
                + " and can never be read without it.")
        @Nullable SecretKeyRef keySecretRef) {

  /** What an object store encrypts by. */
  public enum ServerSide {
    AES256,
    KMS
  }

  /** As the runtime takes it; empty: not asked for. */
  public Optional<String> asked() {
    return Optional.ofNullable(serverSide)
        .map(
            how ->
                switch (how) {
                  case AES256 -> "AES256";
                  case KMS -> kmsKeyId == null ? "aws:kms" : "aws:kms:" + kmsKeyId;
                });
  }

  /** The Secret with the key of one's own. */
  public Optional<SecretKeyRef> ownKey() {
    return Optional.ofNullable(keySecretRef);
  }
}
