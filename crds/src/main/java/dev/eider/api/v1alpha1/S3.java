package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A place in an object store that speaks S3. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record S3(
    @JsonPropertyDescription("The bucket; it must be there already. Immutable.")
        @Required
        @Size(min = 3, max = 63)
        @ValidationRule(
            value =
                "self.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*$')"
                    + " && !self.matches('^[0-9]+([.][0-9]+){3}$')",
            message =
                "write the bucket by its name alone, of 3 to 63 lower-case letters, digits, dashes"
                    + " and single dots, beginning and ending with a letter or digit, and not like"
                    + " an IP address")
        String bucket,
    @JsonPropertyDescription(
            "Folder of the bucket that each lake has a folder of its own in. Default: the bucket"
                + " itself. Immutable.")
        @Size(min = 1, max = 512)
        @ValidationRule(
            value = "self.matches('^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$')",
            message =
                "write the prefix as names with single slashes between, for example eider/lakes: no"
                    + " slash at either end, and in names letters, digits, underscores, dots and"
                    + " dashes, of which dots and dashes do not come first")
        @Nullable String prefix,
    @JsonPropertyDescription(
            "Region of the bucket, for example eu-central-1. Default: auto, as stores take it that"
                + " have none; Amazon's has to be named.")
        @Size(min = 1, max = 64)
        @ValidationRule(
            value = "self.matches('^[a-z0-9]+(-[a-z0-9]+)*$')",
            message =
                "write the region as its store names it, for example eu-central-1; auto where there"
                    + " are none")
        @Nullable String region,
    @JsonPropertyDescription(
            "Where the store answers, for example https://s3.example.com:9000. Default: Amazon's of"
                + " the region.")
        @Size(min = 8, max = 512)
        @ValidationRule(
            value = "self.matches('^https?://([A-Za-z0-9.-]+|[[][0-9a-fA-F:]+[]])(:[0-9]{1,5})?$')",
            message =
                "write the endpoint as http:// or https://, a host and perhaps a port, for example"
                    + " https://s3.example.com or http://minio.storage.svc:9000: no user, no path"
                    + " and no slash at the end")
        @Nullable String endpoint,
    @JsonPropertyDescription(
            "true: the bucket is in the path of requests, as most stores other than Amazon's want"
                + " it; false: in the host. Default: false.")
        @Nullable Boolean pathStyle,
    @JsonPropertyDescription(
            "Secret of the same namespace with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and perhaps"
                + " AWS_SESSION_TOKEN; read again as it changes. Default: what the AWS SDK finds by"
                + " itself, such as a web identity.")
        @Nullable LocalRef credentialsSecretRef,
    @JsonPropertyDescription(
            "Certificates (PEM) that the endpoint is to be trusted by. Default: the usual public"
                + " ones.")
        @Nullable SecretKeyRef caSecretRef) {

  /** Folder of the bucket; empty: the bucket itself. */
  public String prefixOrNone() {
    return Optional.ofNullable(prefix).orElse("");
  }

  /** Name of the Secret with the keys; empty: the SDK's own chain. */
  public Optional<String> credentialsSecret() {
    return Optional.ofNullable(credentialsSecretRef).map(LocalRef::name);
  }

  /** The certificates that the endpoint is trusted by; empty: the usual ones. */
  public Optional<SecretKeyRef> ca() {
    return Optional.ofNullable(caSecretRef);
  }

  /** Where a lake of that id lies, as people write it. */
  public String url(String lakeId) {
    return prefixOrNone().isEmpty()
        ? "s3://%s/%s".formatted(bucket, lakeId)
        : "s3://%s/%s/%s".formatted(bucket, prefix, lakeId);
  }
}
