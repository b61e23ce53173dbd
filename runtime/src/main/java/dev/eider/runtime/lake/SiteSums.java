package dev.eider.runtime.lake;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * What a copy of a site's events must have to be one.
 *
 * @param siteId the site
 * @param rows events, settled or not
 * @param ids sum over digests of their ids, visitors and times, so that none can be missing for
 *     another that is there twice; the same in every release
 * @param revenue the sum of their amounts, whatever the currency
 */
public record SiteSums(String siteId, long rows, BigInteger ids, BigDecimal revenue) {}
