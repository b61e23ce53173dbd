package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events that a site does not want. Each that is dropped is counted by its reason. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Filters(
    @JsonPropertyDescription(
            "Whether statistics leave out events of bots, which are kept aside with the rule that"
                + " caught them. Default: Exclude.")
        @Nullable Bots bots,
    @JsonPropertyDescription(
            "Addresses and networks whose events are dropped, for example your office's. Default:"
                + " none.")
        @Size(max = 256)
        @ValidationRule(
            value = "self.all(r, isIP(r) || isCIDR(r))",
            message =
                "write each range as an address or a network, for example 192.0.2.7, 10.0.0.0/8 or"
                    + " 2001:db8::/32")
        @Nullable List<@Size(min = 2, max = 49) String> ipRanges,
    @JsonPropertyDescription(
            "ISO 3166 codes of countries whose events are dropped, for example DE (and \"NO\", which"
                + " YAML takes for false without quotes). Default: none.")
        @Size(max = 250)
        @ValidationRule(
            value =
                "self.all(c, c.matches('^[A-Z]{2}$') && '" + Filters.COUNTRIES + "'.contains(c))",
            message =
                "write each country as its ISO 3166 code of two upper-case letters, for example DE"
                    + " or GB (not UK)")
        @Nullable List<@Size(min = 2, max = 2) String> countries,
    @JsonPropertyDescription(
            "Patterns of paths whose events are dropped: * stands for anything within a segment, **"
                + " for anything at all. Default: none.")
        @Size(max = 256)
        @ValidationRule(
            value = "self.all(p, p.startsWith('/') || p.startsWith('*'))",
            message =
                "begin each page's pattern with /, and use * within a segment and ** across them,"
                    + " for example /draft-* or /admin/**")
        @Nullable List<@Size(min = 1, max = 1000) String> pages,
    @JsonPropertyDescription(
            "Names of bot rules that do not hold here; events that they flagged count again, also"
                + " those of the past. Default: none.")
        @Size(max = 64)
        @Nullable List<@Size(min = 1, max = 100) String> withdrawnBotRules) {

  /** What statistics do with events of bots. */
  public enum Bots {
    Exclude,
    Include
  }

  /** ISO 3166 with blanks between; also Kosovo, whose code databases and browsers use. */
  public static final String COUNTRIES =
      "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL"
          + " BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV"
          + " CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD"
          + " GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM"
          + " IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK"
          + " LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW"
          + " MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR"
          + " PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS"
          + " ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY"
          + " UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";
}
