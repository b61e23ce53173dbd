package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What shops sell, {@code GET /api/stats/ecommerce} and {@code /products}. */
public final class Commerce {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final List<Metric> FIGURES =
      List.of(
          Figure.TOTAL_REVENUE,
          Figure.TRANSACTIONS,
          Figure.AVERAGE_ORDER_VALUE,
          Figure.TAX,
          Figure.SHIPPING,
          Figure.VISITS_,
          Figure.PURCHASE_RATE);

  private static final List<Metric> FIGURES_BY =
      List.of(
          Figure.TOTAL_REVENUE,
          Figure.TRANSACTIONS,
          Figure.AVERAGE_ORDER_VALUE,
          Figure.VISITS_,
          Figure.PURCHASE_RATE);

  private Commerce() {}

  /**
   * {@code ecommerce}: orders and what they brought, in all and by the values of a dimension.
   *
   * @param parameters {@code by} as in {@link SiteViews#breakdown}, sources unless given; {@code
   *     limit}
   */
  public static Question overview(Parameters parameters) {
    String by = parameters.text("by").orElse("sources");
    Dimension dimension = SiteViews.dimension(by);
    Period period = SiteViews.period(parameters);
    String site = parameters.siteId();
    List<Filter> filters = parameters.filters();
    Query all = Query.of(site, FIGURES, period, List.of(), filters);
    Query each =
        Query.of(site, FIGURES_BY, period, List.of(dimension), filters)
            .withPage(parameters.number("limit", 1, 1000, 10), 0);
    return new Asked(
        site,
        (stats, scope, events) -> {
          Answer whole = stats.work(all, scope, events);
          ObjectNode json = JSON.objectNode();
          List<JsonNode> metrics = whole.results().getFirst().metrics();
          for (int i = 0; i < FIGURES.size(); i++) {
            json.set(FIGURES.get(i).word(), metrics.get(i));
          }
          json.put("by", by);
          json.set("values", SiteViews.values(stats.work(each, scope, events)));
          json.setAll(whole.meta());
          return json;
        });
  }

  /**
   * {@code products}: what was looked at, lay in carts and was bought. The things of an order are
   * bought, and those of one with an amount below 0 were given back, which is taken off; those of
   * an event whose name holds "cart" and not "remov" lie in a cart; those of page views and of
   * events whose name holds "view" were looked at.
   *
   * @param parameters {@code limit}
   */
  public static Question products(Parameters parameters) {
    Period period = SiteViews.period(parameters);
    int limit = parameters.number("limit", 1, 1000, 100);
    return new Asked(
        parameters.siteId(),
        (stats, scope, events) -> {
          TimeRange range = stats.rangeOfRows(period, scope, events);
          ObjectNode json =
              stats.read(events, runner -> products(runner, scope, events, range, limit));
          return Asked.said(json, stats, scope, events, range);
        });
  }

  private static ObjectNode products(
      QueryRunner runner, Scope scope, EventsView events, TimeRange range, int limit)
      throws SQLException {
    Revenue revenue =
        Revenue.of(
            Optional.empty(),
            scope,
            () -> Revenue.currencies(runner, events.relation(), range.from(), range.until()));
    ObjectNode json = JSON.objectNode();
    ArrayNode products = json.putArray("products");
    for (List<Object> row : runner.rows(sql(events.relation(), range, revenue, limit))) {
      ObjectNode product = products.addObject();
      List<String> texts = List.of("product", "name", "category");
      for (int i = 0; i < texts.size(); i++) {
        product.put(texts.get(i), (String) row.get(i));
      }
      List<String> counts = List.of("views", "in_cart", "orders", "bought");
      for (int i = 0; i < counts.size(); i++) {
        product.put(counts.get(i), ((Number) row.get(texts.size() + i)).longValue());
      }
      product.set("revenue", money(row.getLast(), revenue));
    }
    revenue.warning().ifPresent(warning -> json.put("warning", warning.sentence()));
    return json;
  }

  private static JsonNode money(@Nullable Object amount, Revenue revenue) {
    if (!revenue.isKnown()) {
      return JSON.nullNode();
    }
    return new Money(
            amount == null ? BigDecimal.ZERO : new BigDecimal(amount.toString()),
            revenue.currency())
        .json();
  }

  /** One row a product. In how many carts it lay is counted by visitors, as carts are sent anew. */
  private static Sql sql(String relation, TimeRange range, Revenue revenue, int limit) {
    return Sql.of("WITH things AS (SELECT *, unnest(json_transform(items,")
        .add(
            " '[{\"sku\":\"VARCHAR\",\"name\":\"VARCHAR\",\"category\":\"VARCHAR\","
                + "\"price\":\"DECIMAL(12,2)\",\"quantity\":\"BIGINT\"}]')) AS item FROM (")
        .add(
            ScanSql.select(
                Sql.of(
                    "items, date, visitor_id, event_id, timestamp, event_type, revenue_currency,"
                        + " coalesce(revenue_amount, 0) < 0 AS refunded,"
                        + " lower(event_name) AS name, coalesce(sample_weight, 1) AS weight"),
                relation,
                range.from(),
                range.until()))
        .bind(
            """
            ) WHERE items IS NOT NULL),
            kinds AS (
              SELECT *, coalesce(nullif(item.sku, ''), nullif(item.name, '')) AS product,
                event_type = 'transaction' AS sold,
                event_type <> 'transaction' AND contains(name, 'cart')
                  AND NOT contains(name, 'remov') AS in_cart,
                event_type = 'pageview'
                  OR event_type = 'event' AND contains(name, 'view') AND NOT contains(name, 'cart')
                  AS looked,
                CASE WHEN refunded THEN -1 ELSE 1 END * coalesce(item.quantity, 1) AS pieces,
                CASE WHEN revenue_currency = ? THEN item.price * pieces END AS earned
              FROM things),
            of_visitors AS (
              SELECT product, date, visitor_id,
                arg_max(item.name, (timestamp, event_id)) AS title,
                arg_max(item.category, (timestamp, event_id)) AS category,
                max((timestamp, event_id)) AS latest,
                coalesce(sum(weight) FILTER (looked), 0) AS views,
                CASE WHEN bool_or(in_cart) THEN min(weight) FILTER (in_cart) ELSE 0 END AS carts,
                count(DISTINCT event_id) FILTER (sold AND NOT refunded) AS orders,
                coalesce(sum(pieces) FILTER (sold), 0) AS bought,
                sum(earned) FILTER (sold) AS earned
              FROM kinds WHERE product IS NOT NULL GROUP BY product, date, visitor_id)
            SELECT product, coalesce(arg_max(title, latest), ''),
              coalesce(arg_max(category, latest), ''), round(sum(views))::BIGINT AS views,
              round(sum(carts))::BIGINT AS carts, sum(orders)::BIGINT AS orders,
              sum(bought)::BIGINT AS bought, sum(earned) AS earned
            FROM of_visitors GROUP BY product
            ORDER BY earned DESC NULLS LAST, bought DESC, views DESC, product LIMIT\
            """,
            revenue.currency())
        .add(" " + limit);
  }
}
