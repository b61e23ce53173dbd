package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** What is backed up. It goes where the site's backups go. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self == oldSelf",
    message = "a backup is made once and its spec cannot change: create another AnalyticsBackup")
public record AnalyticsBackupSpec(
    @JsonPropertyDescription("AnalyticsSite of the same namespace.") @Required LocalRef siteRef) {}
