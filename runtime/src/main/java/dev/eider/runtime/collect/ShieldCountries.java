package dev.eider.runtime.collect;

/** Countries that the site does not want to count. */
final class ShieldCountries implements Step {

  @Override
  public Verdict take(Making event) {
    String country = event.place.countryCode();
    return !country.isEmpty() && event.rules.blocksCountry(country)
        ? DropReason.COUNTRY_BLOCKLIST
        : Verdict.PASS;
  }
}
