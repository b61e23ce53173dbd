package dev.eider.runtime.command;

import dev.eider.runtime.config.CollectSettings;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.config.PrivacySettings.Mode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that hold for the events of all sites. */
final class CollectOptions {

  @Option(
      names = "--privacy-mode",
      paramLabel = "MODE",
      defaultValue = "${env:EIDER_PRIVACY_MODE:-}",
      description =
          "standard, or strict for every site, whatever it says itself. Default: standard, which"
              + " leaves it to the sites.")
  private String privacyMode = "";

  @Option(
      names = "--geo",
      paramLabel = "DIR|FILE",
      defaultValue = "${env:EIDER_GEO}",
      description =
          "Database of places in MaxMind's format (.mmdb), or a directory of them; read again when"
              + " it changes. Default: the country database inside.")
  private @Nullable Path geo;

  @Option(
      names = "--datacentre-ranges",
      paramLabel = "FILE",
      defaultValue = "${env:EIDER_DATACENTRE_RANGES}",
      description =
          "File of networks (CIDR, one a line) of datacentres; their events are flagged as bots."
              + " Default: none.")
  private @Nullable Path datacentreRanges;

  @Option(
      names = "--address-rate",
      paramLabel = "RATE[/BURST]",
      defaultValue = "${env:EIDER_ADDRESS_RATE:-}",
      description =
          "Events a second that one address may send, and how many at once, as in 100/500; 0 for no"
              + " limit, which is the default.")
  private String addressRate = "";

  /** What the manifests ask for, with these flags over it. */
  CollectSettings override(CollectSettings asked) {
    return new CollectSettings(
        privacyMode.isBlank() ? asked.privacyFloor() : mode(privacyMode.strip()),
        Optional.ofNullable(geo).or(asked::geo),
        Optional.ofNullable(datacentreRanges).or(asked::datacentreRanges),
        addressRate.isBlank()
            ? asked.addressRate()
            : CollectSettings.addressRate(addressRate.strip()));
  }

  private static Mode mode(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "standard" -> Mode.STANDARD;
      case "strict" -> Mode.STRICT;
      default ->
          throw new ConfigException(
              "--privacy-mode is '%s'; it must be standard or strict".formatted(text));
    };
  }
}
